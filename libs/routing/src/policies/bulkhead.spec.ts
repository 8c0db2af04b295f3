import { describe, expect, test } from '@jest/globals';
import { createCalls, failureOf, type Given } from '../../test/support/calls.js';

/** A bulkhead for two calls before a service that answers when it is told to. */
function setUp(maxQueued = 2) {
  const calls = createCalls({ bulkhead: { maxRunning: 2, maxQueued } });
  calls.hear('bulkhead-refused');
  const { clock, heard, sent } = calls;
  const call = (input: string, given: Given = {}) => calls.call({ input, ...given });
  const finish = new Proxy([] as (() => void)[], {
    get: (_, n) => () => sent[Number(n)]?.answer(sent[Number(n)]?.call.data),
  });
  return { clock, call, finish, heard, startedNow: () => sent.map((each) => each.call.data) };
}

describe('a bulkhead', () => {
  test('lets so many calls run, and starts the next when one is done', async () => {
    const { call, finish, startedNow } = setUp();
    const calls = [call('a'), call('b'), call('c')];
    expect(startedNow()).toEqual(['a', 'b']);
    finish[0]?.();
    await calls[0];
    expect(startedNow()).toEqual(['a', 'b', 'c']);
  });

  test('frees the place of a call that failed', async () => {
    const { call } = createCalls({
      bulkhead: { maxRunning: 1, maxQueued: 0 },
      onSend: (sent) => queueMicrotask(() => sent.fail(new Error('no'))),
    });
    for (let n = 0; n < 5; n += 1) expect(await failureOf(call())).toMatchObject({ message: 'no' });
  });

  test('refuses at once what has no place left to wait, and says when to come back', async () => {
    const { call, heard } = setUp();
    void [call('a'), call('b'), call('c'), call('d')];
    expect(await failureOf(call('e'))).toMatchObject({
      code: 'upstream.overloaded',
      status: 503,
      policy: 'bulkhead',
      retryAfterMs: 50,
    });
    expect(heard).toEqual([
      ['bulkhead-refused', { service: 'shop', operation: 'shop.item', running: 2, queued: 2 }],
    ]);
  });

  test('starts what waits by priority, and in the order of arrival within one', async () => {
    const { call, finish, startedNow } = setUp(5);
    void [call('a'), call('b')];
    for (const priority of ['low', 'normal', 'high', 'normal', 'high'] as const) {
      void call(`${priority}-${startedNow().length}`, { priority, input: priority });
    }
    for (let n = 0; n < 7; n += 1) {
      finish[n]?.();
      await new Promise(setImmediate);
    }
    expect(startedNow().slice(2)).toEqual(['high', 'high', 'normal', 'normal', 'low']);
  });

  test('gives a place in a full queue to the more important call and refuses the youngest of the least important', async () => {
    const { call } = setUp(3);
    void [call('a'), call('b')];
    const low = call('first low', { priority: 'low' });
    void low.catch(() => undefined);
    const victim = failureOf(call('second low', { priority: 'low' }));
    void call('normal');
    void call('high', { priority: 'high' });
    expect(await victim).toMatchObject({ code: 'upstream.overloaded', policy: 'bulkhead' });
    expect(await failureOf(call('low again', { priority: 'low' }))).toMatchObject({ policy: 'bulkhead' });
  });

  test('lets nobody wait past a deadline', async () => {
    const { call, clock, startedNow, finish } = setUp();
    const calls = [call('a'), call('b')];
    const late = failureOf(call('c', { deadline: 100 }));
    await clock.advance(100);
    expect(await late).toMatchObject({ code: 'upstream.timeout', policy: 'bulkhead' });
    finish[0]?.();
    await calls[0];
    expect(startedNow()).toEqual(['a', 'b']);
  });

  test('forgets a caller who leaves while waiting', async () => {
    const { call, startedNow, finish } = setUp();
    const controller = new AbortController();
    const calls = [call('a'), call('b')];
    const left = failureOf(call('c', { signal: controller.signal }));
    controller.abort();
    expect(await left).toMatchObject({ code: 'request.cancelled' });
    finish[0]?.();
    await calls[0];
    expect(startedNow()).toEqual(['a', 'b']);
  });
});
