import { describe, expect, test } from '@jest/globals';
import { z } from 'zod';
import { modelOf } from '../contract/model.js';
import { layoutOf, mergeLayouts, type Layout } from './layout.js';

const { node = { kind: 'any' } } = modelOf(
  z.strictObject({
    a: z.string(),
    b: z.int(),
    list: z.array(z.strictObject({ x: z.int(), y: z.int().optional() })),
  }),
  true,
);
const seen = (value: unknown) => layoutOf(node, value);

/** Every key, one that may be absent in brackets. */
function keysOf(layout: Layout | 'unclear' | undefined): string {
  if (layout === 'unclear') return layout;
  return (layout?.keys ?? []).map(({ name, isAlways }) => (isAlways ? name : `[${name}]`)).join(' ');
}

function merged(one: unknown, other: unknown): string {
  return keysOf(mergeLayouts(node, seen(one) as Layout, seen(other) as Layout));
}

describe('the order of keys', () => {
  test('is that of an answer, keys included that the contract does not name', () => {
    expect(keysOf(seen({ b: 1, extra: null, a: 'x', list: [] }))).toBe('b extra a list');
  });

  test('of two answers has room for what one of them lacks', () => {
    expect(merged({ a: '', b: 1 }, { a: '', list: [] })).toBe('a [list] [b]');
    expect(merged({ a: '', x: 1, list: [] }, { a: '', b: 2, list: [] })).toBe('a [b] [x] list');
  });

  test('of answers that contradict each other is unclear', () => {
    expect(merged({ a: '', b: 1 }, { b: 1, a: '' })).toBe('unclear');
    expect(
      keysOf(
        seen({
          list: [
            { x: 1, y: 2 },
            { y: 1, x: 2 },
          ],
        }),
      ),
    ).toBe('unclear');
  });

  test('of a list is that of all its elements together', () => {
    const layout = seen({ list: [{ x: 1 }, { x: 1, y: 2, more: 3 }] }) as Layout;
    expect(keysOf(layout.keys?.[0]?.below?.element)).toBe('x [y] [more]');
  });

  test('is not learnt with more keys, or longer ones, than a service may make us compile', () => {
    const many = Object.fromEntries(Array.from({ length: 65 }, (_, index) => [`k${index}`, 1]));
    expect(seen(many)).toBe('unclear');
    expect(seen({ ['k'.repeat(129)]: 1 })).toBe('unclear');
    expect(
      merged(
        { a: '', ...Object.fromEntries(Object.entries(many).slice(0, 40)) },
        { a: '', ...Object.fromEntries(Object.entries(many).slice(25)) },
      ),
    ).toBe('unclear');
  });
});
