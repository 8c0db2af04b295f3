import { describe, expect, test } from '@jest/globals';
import { Fault } from './fault.js';

describe('a fault', () => {
  test('travels without what only its own process may know', () => {
    const fault = new Fault('stock.gone', 409, 'Nothing is left', {
      fields: [{ field: 'lines.0', message: 'sold out' }],
      retryAfterMs: 1_000,
      service: 'inventory',
      policy: 'breaker',
      cause: new Error('select * from stock'),
    });
    const wire = JSON.parse(JSON.stringify(fault.toWire())) as unknown;
    expect(wire).toEqual({
      code: 'stock.gone',
      status: 409,
      message: 'Nothing is left',
      fields: [{ field: 'lines.0', message: 'sold out' }],
      retryAfterMs: 1_000,
    });
    expect(Fault.fromWire(wire, 'inventory')).toMatchObject({
      code: 'stock.gone',
      status: 409,
      service: 'inventory',
    });
  });

  test.each([
    [null],
    ['Internal server error'],
    [{}],
    [{ code: 'x', message: 'y', status: 200 }],
    [{ code: 1, message: 'y', status: 500 }],
    [{ code: 'x y', message: 'y', status: 500 }],
    [{ code: 'x'.repeat(101), message: 'y', status: 500 }],
  ])('is not made of %j', (value) => {
    expect(Fault.fromWire(value)).toBeUndefined();
  });

  test('takes over of what a peer sent only what has the right shape, and no more than can be shown', () => {
    const deep = JSON.parse(`${'['.repeat(10_000)}${']'.repeat(10_000)}`) as unknown;
    const fields = [
      deep,
      null,
      { field: deep, message: 'x' },
      { field: 'a', message: 'b'.repeat(5_000), c: deep },
    ];
    const wire = { code: 'a.b', status: 400, message: 'm'.repeat(5_000), fields, retryAfterMs: Infinity };
    const fault = Fault.fromWire(wire);
    expect(fault?.fields).toEqual([{ field: 'a', message: 'b'.repeat(1_000) }]);
    expect(fault?.message).toBe('m'.repeat(1_000));
    expect(fault?.retryAfterMs).toBeUndefined();
    expect(Fault.fromWire({ ...wire, retryAfterMs: -1 })?.retryAfterMs).toBeUndefined();
    expect(
      Fault.fromWire({ ...wire, fields: Array.from({ length: 999 }, () => fields[3]) })?.fields,
    ).toHaveLength(100);
  });
});
