import { readFileSync } from 'node:fs';
import { Fault } from '@facet/platform';
import { RemoteError, TransportError } from '@facet/transport';
import { describe, expect, test } from '@jest/globals';
import { faultCodes } from './fault-codes.js';
import { toFault } from './faults.js';

describe('what a caller is told', () => {
  test('is the fault of our service itself, with who it was', () => {
    const wire = new Fault('orders.too-late', 409, 'Too late', { retryAfterMs: 5 }).toWire();
    expect(toFault(new RemoteError(wire), 'orders')).toMatchObject({ ...wire, service: 'orders' });
  });

  test('is never a code of the wire, even where our service says one', () => {
    const shed = new RemoteError({
      code: 'transport.overloaded',
      status: 503,
      message: 'x',
      retryAfterMs: 70,
    });
    expect(toFault(shed, 'a')).toMatchObject({
      code: 'upstream.overloaded',
      policy: 'service',
      retryAfterMs: 70,
    });
    const late = new RemoteError({ code: 'transport.deadline', status: 504, message: 'x' });
    expect(toFault(late, 'a')).toMatchObject({ code: 'upstream.timeout', status: 504 });
  });

  test.each([
    ['transport.connect-failed', 'upstream.unavailable', 'connect'],
    ['transport.closed', 'upstream.unavailable', 'connection'],
    ['transport.queue-full', 'upstream.overloaded', 'connection'],
    ['transport.corrupt-frame', 'upstream.bad-reply', 'wire'],
    ['transport.frame-too-large', 'upstream.bad-reply', 'frame-size'],
    ['transport.deadline', 'upstream.timeout', 'timeout'],
    ['transport.cancelled', 'request.cancelled', 'caller'],
  ] as const)('of %s is %s, refused by %s', (wire, code, policy) => {
    const error = new TransportError(wire, 'detail with an address 10.0.0.1:4020');
    const fault = toFault(error, 'shop') as Fault;
    expect(fault).toMatchObject({ code, policy, service: 'shop', cause: error });
    expect(fault.message).not.toContain('10.0.0.1');
  });

  test.each([
    [{ status: 404, message: 'No such order' }, 404, 'No such order'],
    [{ statusCode: 403, message: 'Forbidden' }, 403, 'Forbidden'],
    [{ code: 429, message: 'Slow down' }, 429, 'Slow down'],
    [{ status: 'error', message: 'Internal server error' }, 502, 'A service failed'],
    [{ statusCode: 500, message: 'select * from users' }, 502, 'A service failed'],
    [{ statusCode: 503, message: 'db pool at 10.0.0.3 is empty' }, 503, 'A service failed'],
    [{ code: 5, message: 'grpc says not found' }, 502, 'A service failed'],
    [{ status: 200, message: 'odd' }, 502, 'A service failed'],
    ['a text', 502, 'A service failed'],
    [null, 502, 'A service failed'],
    [{ status: 404, message: { nested: true } }, 404, 'A service failed'],
  ])('of a stock service that fails with %j is %i', (payload, status, message) => {
    expect(toFault(new RemoteError(payload), 'shop')).toMatchObject({ status, message, service: 'shop' });
  });

  const refused = [
    {
      property: 'email',
      value: 'hunter2',
      constraints: { isEmail: 'email must be an email', isIn: 'taken' },
    },
    {
      property: 'address',
      children: [{ property: '0', children: [{ property: 'zip', constraints: { min: 'too short' } }] }],
    },
  ];
  const fields = [
    { field: 'email', message: 'email must be an email' },
    { field: 'email', message: 'taken' },
    { field: 'address.0.zip', message: 'too short' },
  ];

  test.each([
    ['as they are', refused],
    ['as the message', { statusCode: 422, message: refused }],
  ])('of fields that a stock ValidationPipe refused is each text with its field, sent %s', (_, payload) => {
    const fault = toFault(new RemoteError(payload), 'users') as Fault;
    const status = Array.isArray(payload) ? 400 : 422;
    expect(fault).toMatchObject({ status, message: 'email must be an email; taken; too short', fields });
    expect(JSON.stringify(fault.toWire())).not.toContain('hunter2');
  });

  test.each([
    [[{ property: 'email', constraints: {} }]],
    [[{ property: 'a', constraints: { a: 'x' } }, 'other']],
    [[]],
    [Array.from({ length: 5 }, () => ({ property: 7, constraints: { a: 'x' } }))],
  ])('is no field of %j, which is no list of refused fields', (payload) => {
    expect(toFault(new RemoteError(payload), 'users')).toMatchObject({ status: 502, fields: undefined });
  });

  test('is nothing where it is a defect of ours: it stays what it is', () => {
    const defect = new TypeError('x is not a function');
    expect(toFault(defect, 'shop')).toBe(defect);
  });

  test('is documented code by code', () => {
    const readme = readFileSync(new URL('../README.md', import.meta.url), 'utf8');
    const listed = [...readme.matchAll(/^\| `([a-z]+\.[a-z-]+)` *\| (\d{3}) +\|/gm)].map(
      ([, code, status]) => [code, Number(status)],
    );
    expect(Object.fromEntries(listed)).toEqual(
      Object.fromEntries(Object.entries(faultCodes).map(([code, { status }]) => [code, status])),
    );
  });
});
