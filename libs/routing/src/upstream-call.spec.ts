import { RemoteError, TransportError } from '@facet/transport';
import { VirtualClock } from '@facet/contracts/testing';
import { describe, expect, test } from '@jest/globals';
import { createCalls, failureOf, type CallsOptions } from '../test/support/calls.js';
import { shop } from '../test/support/shop.js';

describe('the deadline of a call', () => {
  const setUp = () => {
    const clock = new VirtualClock(5_000);
    return createCalls({
      clock,
      maxCallMs: 1_000,
      onSend: (sent) => queueMicrotask(() => sent.answer(clock.now() + (sent.call.timeoutMs ?? 0))),
    });
  };

  test('sends nothing that is late', async () => {
    const { call, sent } = setUp();
    const failure = await failureOf(call({ deadline: 5_000 }));
    expect(failure).toMatchObject({ code: 'upstream.timeout', policy: 'timeout', service: 'shop' });
    expect(sent).toEqual([]);
  });

  test('sends nothing that nobody waits for', async () => {
    const { call, sent } = setUp();
    const failure = await failureOf(call({ signal: AbortSignal.abort() }));
    expect(failure).toMatchObject({ code: 'request.cancelled', status: 499 });
    expect(sent).toEqual([]);
  });

  test('takes a call for late that was given up at its deadline, by a timer that fired a moment early', async () => {
    const { call, sent } = setUp();
    const failure = await failureOf(call({ signal: AbortSignal.abort(), deadline: 5_001 }));
    expect(failure).toMatchObject({ code: 'upstream.timeout', status: 504 });
    expect(sent).toEqual([]);
  });

  test('leaves a deadline as it is, and puts a limit to one that is far away', async () => {
    const { call } = setUp();
    expect(await call({ deadline: 5_500 })).toBe(5_500);
    expect(await call({ deadline: 60_000 })).toBe(6_000);
  });
});

describe('a call that its caller gives up', () => {
  const setUp = (options: CallsOptions = {}) => {
    const calls = createCalls(options);
    const controller = new AbortController();
    calls.hear('call', 'attempt');
    const told = failureOf(calls.call({ signal: controller.signal, deadline: 200 }));
    return { ...calls, controller, told };
  };

  test('is cancelled at the instance, which is blamed for nothing', async () => {
    const { controller, sent, instances, told, heard, clock } = setUp();
    await clock.advance(3);
    controller.abort();
    expect(sent[0]?.isCancelled).toBe(true);
    expect(instances.list[0]?.misses).toMatchObject([{ error: { code: 'transport.cancelled' } }]);
    expect(instances.list[0]?.pending).toBe(0);
    expect(await told).toMatchObject({ code: 'request.cancelled' });
    expect(heard.map(([, event]) => (event as { code: string }).code)).toEqual([
      'transport.cancelled',
      'request.cancelled',
    ]);
  });

  test('is a time-out where that was its deadline, and is held against instance and operation', async () => {
    const { controller, instances, told, clock, stateOf } = setUp({
      breaker: { minRequests: 1 },
      instances: 1,
    });
    await clock.advance(196);
    controller.abort();
    expect(instances.list[0]?.misses).toMatchObject([{ error: { code: 'transport.deadline' } }]);
    expect(await told).toMatchObject({ code: 'upstream.timeout', status: 504 });
    expect(stateOf(shop.item).breaker?.state).toBe('open');
  });

  test('frees its place in the bulkhead, wherever it was', async () => {
    const { controller, call, policies, sent } = setUp({ bulkhead: { maxRunning: 1, maxQueued: 5 } });
    const queued = new AbortController();
    const left = failureOf(call({ signal: queued.signal }));
    expect([policies.bulkhead?.running, policies.bulkhead?.queued]).toEqual([1, 1]);
    queued.abort();
    controller.abort();
    await left;
    expect([policies.bulkhead?.running, policies.bulkhead?.queued]).toEqual([0, 0]);
    void call();
    expect(sent).toHaveLength(2);
  });

  test('waits for no instance any more', async () => {
    const { controller, instances, call, clock } = setUp({ instances: 0 });
    instances.graceEndsAt = Infinity;
    const waiting = new AbortController();
    const left = failureOf(call({ signal: waiting.signal }));
    expect(instances.waiting.size).toBe(1);
    waiting.abort();
    expect(await left).toMatchObject({ code: 'request.cancelled' });
    expect(instances.waiting.size).toBe(0);
    controller.abort();
    await clock.advance(1_000);
  });
});

describe('the breaker of an operation', () => {
  const closed = () => new TransportError('transport.closed', 'gone', { written: true });
  const setUp = (fail: () => Error) => {
    const calls = createCalls({
      instances: 1,
      breaker: { minRequests: 4, trials: 2 },
      onSend: (sent) =>
        queueMicrotask(() => (sent.call.pattern === 'shop.fail' ? sent.fail(fail()) : sent.answer(1))),
    });
    const failing = { operation: shop.fail, input: { with: 'text' } };
    return {
      ...calls,
      failing,
      fail: () => failureOf(calls.call({ ...failing, deadline: calls.clock.now() + 1 })),
    };
  };

  test('leaves the other operations of the service alone', async () => {
    const { call, fail, stateOf } = setUp(closed);
    for (let n = 0; n < 4; n += 1) await fail();
    expect(await fail()).toMatchObject({ policy: 'breaker' });
    expect(stateOf(shop.fail).breaker?.state).toBe('open');
    for (let n = 0; n < 10; n += 1) expect(await call()).toBe(1);
  });

  test('does not count what an instance did that is taken out for it', async () => {
    const { fail, stateOf, instances } = setUp(closed);
    instances.list[0]!.isOut = true;
    for (let n = 0; n < 10; n += 1) await fail();
    expect(stateOf(shop.fail).breaker?.state).toBe('closed');
  });

  test('takes neither a business error for a failure nor a call that is left for a trial', async () => {
    let error: Error = closed();
    const { call, clock, failing, fail, stateOf, sent } = setUp(() => error);
    for (let n = 0; n < 4; n += 1) await fail();
    await clock.advance(5_000);
    const controller = new AbortController();
    const left = failureOf(call({ ...failing, signal: controller.signal }));
    expect(sent.at(-1)?.call.pattern).toBe('shop.fail');
    controller.abort();
    await left;
    expect(stateOf(shop.fail).breaker?.state).toBe('half-open');
    error = new RemoteError({ code: 'shop.no', status: 404, message: 'No' });
    await fail();
    await fail();
    expect(stateOf(shop.fail).breaker?.state).toBe('closed');
  });
});

describe('a call without an instance', () => {
  test('goes on as soon as there is one', async () => {
    const { call, instances, sent } = createCalls({ instances: 1 });
    const [only] = instances.list.splice(0);
    instances.graceEndsAt = 1_000;
    const answer = call();
    expect(sent).toEqual([]);
    instances.list.push(only!);
    for (const waiting of [...instances.waiting]) waiting.woken(10);
    sent[0]?.answer('here');
    expect(await answer).toBe('here');
  });

  test('fails when the grace is over, and says when to come back', async () => {
    const { call, instances, clock } = createCalls({ instances: 0 });
    instances.graceEndsAt = 100;
    const told = failureOf(call());
    await clock.advance(99);
    await clock.advance(1);
    expect(await told).toMatchObject({
      code: 'upstream.unavailable',
      policy: 'no-instance',
      retryAfterMs: 1_000,
    });
  });
});

test('an instance that lost its connection is asked no more than any other that fails', async () => {
  const { call, instances, sent } = createCalls({ instances: 2 });
  instances.list[0]!.isConnected = false;
  const answer = call({ operation: shop.count, input: { key: 'k' } });
  await new Promise(setImmediate);
  expect(sent.map(({ at }) => at.address)).toEqual(['127.0.0.1:2']);
  sent[0]?.answer('ok');
  expect(await answer).toBe('ok');
  expect(instances.list.map(({ pending }) => pending)).toEqual([0, 0]);
});

describe('what a call keeps for the record of its request', () => {
  const lost = () => new TransportError('transport.closed', 'gone', { written: true });

  test('is each attempt, why it was made, its times and what became of it', async () => {
    const { call, clock, sent, records } = createCalls();
    const answer = call();
    expect(records).toMatchObject([{ code: '', endedAt: 0, attempts: [{ code: '', endedAt: 0 }] }]);
    await clock.advance(5);
    sent[0]?.fail(lost());
    await clock.advance(0);
    await clock.advance(2);
    sent[1]?.answer(1);
    await answer;
    expect(records).toMatchObject([
      {
        ...{ startedAt: 0, admittedAt: 0, endedAt: 7, code: 'ok', priority: 'normal' },
        attempts: [
          { address: '127.0.0.1:1', why: 'first', startedAt: 0, endedAt: 5, code: 'transport.closed' },
          { address: '127.0.0.1:2', why: 'retry', startedAt: 5, endedAt: 7, code: 'ok' },
        ],
      },
    ]);
    expect(records[0]?.request.selection.operation).toBe(shop.item);
  });

  test('tells a hedge and its loser, and a redirect, from a retry', async () => {
    const { call, clock, sent, records } = createCalls();
    const hedged = call();
    await clock.advance(5_000);
    sent[1]?.answer(1);
    await hedged;
    const redirected = call();
    sent[2]?.fail(new TransportError('transport.no-handler', 'unknown here', { written: true }));
    await clock.advance(1);
    sent[3]?.answer(1);
    await redirected;
    expect(records.map(({ attempts }) => attempts.map(({ why, code }) => [why, code]))).toEqual([
      [
        ['first', 'transport.cancelled'],
        ['hedge', 'ok'],
      ],
      [
        ['first', 'transport.no-handler'],
        ['redirect', 'ok'],
      ],
    ]);
  });
});
