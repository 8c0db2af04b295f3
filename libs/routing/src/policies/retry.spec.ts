import { RemoteError, TransportError } from '@facet/transport';
import { describe, expect, test } from '@jest/globals';
import { createCalls, failureOf } from '../../test/support/calls.js';
import { shop } from '../../test/support/shop.js';
import { toFault } from '../faults.js';

const closed = (written: boolean) => new TransportError('transport.closed', 'gone', { written });
const overloaded = () =>
  new RemoteError({ code: 'transport.overloaded', status: 503, message: 'Too much to do' });

/** A service with `instances` that fails with `failures` one after the other and then answers. */
function setUp(failures: readonly Error[], { instances = 3, floor = 10 } = {}) {
  const left = [...failures];
  const calls = createCalls({
    instances,
    floor,
    onSend: (sent) => {
      const failure = left.shift();
      queueMicrotask(() => (failure === undefined ? sent.answer('ok') : sent.fail(failure)));
    },
  });
  calls.hear('retry', 'budget-spent');
  const { call, clock, heard, sent } = calls;
  return { call, clock, heard, sentNow: () => sent.length };
}

/** The failures behind what a caller is told, in their order. */
function causesOf(told: unknown): readonly unknown[] {
  const { cause } = told as { cause?: unknown };
  return cause instanceof AggregateError ? cause.errors : [cause];
}

const asCommand = { operation: shop.count, input: { key: 'k' } };

describe('repeating', () => {
  test('a query that was lost, at once and elsewhere', async () => {
    const { call, heard } = setUp([closed(true)]);
    expect(await call()).toBe('ok');
    expect(heard).toEqual([
      [
        'retry',
        { service: 'shop', operation: 'shop.item', attempt: 2, code: 'transport.closed', delayMs: 0 },
      ],
    ]);
  });

  test('never happens to a command of which a byte was written', async () => {
    const { call, sentNow } = setUp([closed(true)]);
    expect(causesOf(await failureOf(call(asCommand)))).toMatchObject([{ code: 'transport.closed' }]);
    expect(sentNow()).toBe(1);
  });

  test.each([
    ['was never written', closed(false)],
    ['was refused before it began', overloaded()],
    ['is not known to that instance', new TransportError('transport.no-handler', 'no', { written: true })],
  ])('happens to a command that %s', async (_, failure) => {
    const { call, sentNow } = setUp([failure]);
    expect(await call(asCommand)).toBe('ok');
    expect(sentNow()).toBe(2);
  });

  test.each([
    ['a business error', new RemoteError({ code: 'shop.unknown-item', status: 404, message: 'No' })],
    ['a text', new RemoteError('no')],
    ['a defect of ours', new TypeError('oops')],
    ['a frame that is too large', new TransportError('transport.frame-too-large', 'big')],
    ['a caller who left', new TransportError('transport.cancelled', 'left', { written: true })],
  ])('never happens after %s', async (_, failure) => {
    const { call, sentNow } = setUp([failure]);
    expect(await failureOf(call())).toEqual(toFault(failure, 'shop'));
    expect(sentNow()).toBe(1);
  });

  test('ends after three attempts, with the last failure', async () => {
    const last = closed(true);
    const { call, sentNow, clock } = setUp([closed(true), closed(true), last, closed(true)]);
    const failure = failureOf(call());
    await clock.advance(0);
    await clock.advance(1_000);
    const causes = causesOf(await failure);
    expect(causes.at(-1)).toBe(last);
    expect(causes).toHaveLength(3);
    expect(sentNow()).toBe(3);
  });

  test('waits with jitter where it has to go to the same instance again', async () => {
    const { call, clock, sentNow, heard } = setUp([closed(true)], { instances: 1 });
    const answer = call();
    await clock.advance(0);
    await clock.advance(24);
    expect(sentNow()).toBe(1);
    await clock.advance(1);
    expect(await answer).toBe('ok');
    expect(heard).toEqual([['retry', expect.objectContaining({ delayMs: 25 })]]);
  });

  test('is not begun where its back-off outlasts the deadline', async () => {
    const { call, sentNow } = setUp([closed(true)], { instances: 1 });
    expect(causesOf(await failureOf(call({ deadline: 20 })))).toMatchObject([{ code: 'transport.closed' }]);
    expect(sentNow()).toBe(1);
  });

  test('stops when the budget is spent, and the fault says so', async () => {
    const { call, sentNow, heard } = setUp([closed(true)], { floor: 0 });
    expect(await failureOf(call())).toMatchObject({
      code: 'upstream.unavailable',
      policy: 'retry-budget',
      retryAfterMs: 1_000,
    });
    expect(sentNow()).toBe(1);
    expect(heard).toEqual([['budget-spent', { service: 'shop', operation: 'shop.item', wanted: 'retry' }]]);
  });

  test('elsewhere what the instance does not know costs nothing of the budget', async () => {
    const { call, sentNow } = setUp([new TransportError('transport.no-handler', 'no', { written: true })], {
      floor: 0,
    });
    expect(await call()).toBe('ok');
    expect(sentNow()).toBe(2);
  });

  test('ends when the caller leaves during its back-off', async () => {
    const { call, clock, sentNow } = setUp([closed(true)], { instances: 1 });
    const controller = new AbortController();
    const failure = failureOf(call({ signal: controller.signal }));
    await clock.advance(10);
    controller.abort();
    expect(await failure).toMatchObject({ code: 'request.cancelled' });
    await clock.advance(1_000);
    expect(sentNow()).toBe(1);
  });

  test('ends when the caller leaves', async () => {
    const { call, sentNow } = setUp([closed(true)]);
    const controller = new AbortController();
    const failure = failureOf(call({ signal: controller.signal }));
    controller.abort();
    expect(await failure).toMatchObject({ code: 'request.cancelled' });
    expect(sentNow()).toBe(1);
  });

  test('follows a server that is about to stop, and that costs nothing of the budget', async () => {
    const { call, sentNow } = setUp([new TransportError('transport.draining', 'takes no new calls')], {
      floor: 0,
    });
    expect(await call(asCommand)).toBe('ok');
    expect(sentNow()).toBe(2);
  });

  test('keeps every failure as the cause of what the caller is told', async () => {
    const failures = [closed(true), new TransportError('transport.corrupt-frame', 'x', { written: true })];
    const { call, clock } = setUp([...failures, closed(true)], { instances: 1 });
    const told = failureOf(call());
    await clock.advance(0);
    await clock.advance(1_000);
    expect(await told).toMatchObject({ code: 'upstream.unavailable', service: 'shop' });
    expect(causesOf(await told).slice(0, 2)).toEqual(failures);
  });
});
