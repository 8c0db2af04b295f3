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
  ])('is not made of %j', (value) => {
    expect(Fault.fromWire(value)).toBeUndefined();
  });
});
