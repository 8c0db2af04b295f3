import { RemoteError, TransportError, type TransportCode } from '@facet/transport';
import { describe, expect, test } from '@jest/globals';
import { shop } from '../test/support/shop.js';
import { isFreeToRepeat, isSick, isUpstreamFailure, leftError, mayRepeat } from './classify.js';
import { wireFailures } from './wire-failures.js';

const codes = Object.keys(wireFailures) as TransportCode[];
const error = (code: TransportCode, written = true) => new TransportError(code, 'x', { written });

describe('a failure of the wire', () => {
  test('is held against an instance as a time-out only where that had time enough, and was asked', () => {
    const late = error('transport.deadline');
    expect([isSick(late, 99, 100), isSick(late, 100, 100)]).toEqual([false, true]);
    expect(isSick(error('transport.deadline', false), 5_000, 100)).toBe(false);
    const reported = new RemoteError({ code: 'transport.deadline', status: 504, message: 'Late' });
    expect([isSick(reported, 99, 100), isSick(reported, 100, 100)]).toEqual([false, true]);
  });

  test('that is held against an instance is held against the operation too', () => {
    const sick = codes.filter((code) => isSick(error(code), 1_000, 100));
    expect(sick.length).toBeGreaterThan(0);
    expect(sick.filter((code) => !isUpstreamFailure(error(code)))).toEqual([]);
  });

  test('never lets a command be sent again that was written, unless the service says that it never began', () => {
    const repeated = codes.filter((code) => mayRepeat(error(code), shop.count));
    expect(repeated).toEqual(['transport.overloaded', 'transport.no-handler', 'transport.not-served']);
  });

  test.each([
    'transport.closed',
    'transport.draining',
    'transport.pending-full',
    'transport.corrupt-frame',
  ] as const)('lets a command be sent again that was never written: %s', (code) => {
    expect(mayRepeat(error(code, false), shop.count)).toBe(true);
  });

  test('costs nothing of the budget where another instance is the one to ask', () => {
    const free = codes.filter((code) => isFreeToRepeat(error(code, false)));
    expect(free).toEqual(['transport.draining', 'transport.no-handler', 'transport.not-served']);
  });

  test('is a time-out where its caller gave up at the deadline, or a moment before', () => {
    expect([994, 995, 1_000].map((now) => leftError(1_000, now).code)).toEqual([
      'transport.cancelled',
      'transport.deadline',
      'transport.deadline',
    ]);
  });
});
