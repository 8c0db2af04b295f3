import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { allocate } from './allocation.js';
import type { Available } from './availability.js';

const place = (code: string, available: number, productId = 'a'): Available => ({
  productId,
  code,
  name: code,
  available,
});

describe('allocating', () => {
  test('takes all from one warehouse where one has enough', () => {
    const allocations = allocate(
      [{ productId: 'a', quantity: 4 }],
      [place('X', 3), place('Y', 5), place('Z', 4)],
    );
    expect(allocations).toEqual([{ productId: 'a', warehouse: 'Y', quantity: 4 }]);
  });

  test('spreads over warehouses where none has enough alone, the fullest first', () => {
    const allocations = allocate([{ productId: 'a', quantity: 6 }], [place('X', 3), place('Y', 4)]);
    expect(allocations).toEqual([
      { productId: 'a', warehouse: 'Y', quantity: 4 },
      { productId: 'a', warehouse: 'X', quantity: 2 },
    ]);
  });

  test('counts two lines of the same product together', () => {
    const wishes = [
      { productId: 'a', quantity: 3 },
      { productId: 'a', quantity: 3 },
    ];
    expect(allocate(wishes, [place('X', 6)])).toEqual([{ productId: 'a', warehouse: 'X', quantity: 6 }]);
    expect(() => allocate(wishes, [place('X', 5)])).toThrow('not enough');
  });

  test('names every line that cannot be met, with what there is', () => {
    const wishes = [
      { productId: 'a', quantity: 9 },
      { productId: 'b', quantity: 1 },
      { productId: 'c', quantity: 2 },
    ];
    const available = [place('X', 3), place('X', 5, 'b'), place('X', 0, 'c')];
    expect(() => allocate(wishes, available)).toThrow(
      expect.objectContaining({
        code: 'inventory.insufficient-stock',
        fields: [
          { field: 'lines.0.quantity', message: 'only 3 are available' },
          { field: 'lines.2.quantity', message: 'only 0 are available' },
        ],
      }),
    );
  });

  test('refuses what nobody has ever had', () => {
    expect(() => allocate([{ productId: 'q', quantity: 1 }], [place('X', 3)])).toThrow(
      expect.objectContaining({
        code: 'inventory.product-not-found',
        fields: [expect.objectContaining({ field: 'lines.0.productId' })],
      }),
    );
  });

  test('whatever is wished, gives exactly that or refuses, and takes no more than there is', () => {
    const product = fc.constantFrom('a', 'b');
    const wishes = fc.array(fc.record({ productId: product, quantity: fc.integer({ min: 1, max: 12 }) }), {
      minLength: 1,
      maxLength: 6,
    });
    const counts = fc.array(fc.nat(9), { minLength: 4, maxLength: 4 });
    fc.assert(
      fc.property(wishes, counts, (wanted, [ax = 0, ay = 0, bx = 0, by = 0]) => {
        const available = [place('X', ax), place('Y', ay), place('X', bx, 'b'), place('Y', by, 'b')];
        const total = (id: string) =>
          wanted.filter(({ productId }) => productId === id).reduce((sum, { quantity }) => sum + quantity, 0);
        const isEnough = total('a') <= ax + ay && total('b') <= bx + by;
        if (!isEnough) return expect(() => allocate(wanted, available)).toThrow('not enough');
        const taken = allocate(wanted, available);
        for (const { productId, code, available: most } of available) {
          const here = taken.filter((each) => each.productId === productId && each.warehouse === code);
          expect(here.length).toBeLessThanOrEqual(1);
          expect(here[0]?.quantity ?? 0).toBeLessThanOrEqual(most);
        }
        for (const id of ['a', 'b']) {
          const given = taken
            .filter(({ productId }) => productId === id)
            .reduce((sum, { quantity }) => sum + quantity, 0);
          expect(given).toBe(total(id));
        }
      }),
    );
  });
});
