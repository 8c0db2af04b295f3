import { TransportError } from '@facet/transport';
import { describe, expect, test } from '@jest/globals';
import { createCalls, failureOf, type Given, type Sent } from '../../test/support/calls.js';
import { shop } from '../../test/support/shop.js';
import { Budget, budgetDefaults } from './budget.js';

/** A service that usually answers in 10 ms, known from 64 calls; then it answers when it is told to. */
async function setUp({ instances = 3, floor = 10 } = {}) {
  let isWarm = false;
  const sent: Sent[] = [];
  const calls = createCalls({
    instances,
    floor,
    onSend: (each) => {
      if (isWarm) sent.push(each);
      else calls.clock.after(10, () => each.answer('usual'));
    },
  });
  const { clock, heard, budget, policies } = calls;
  const usually = calls.callWith({ ...policies, budget: new Budget(budgetDefaults) });
  for (let n = 0; n < 64; n += 1) {
    const usual = usually({ deadline: Infinity });
    await clock.advance(10);
    await usual;
  }
  isWarm = true;
  calls.hear('hedge', 'hedge-won', 'budget-spent');
  const call = (given: Given = {}) => calls.call({ deadline: clock.now() + 1_000, ...given });
  return { clock, call, sent, heard, budget, calls };
}

describe('hedging', () => {
  test('sends a late query a second time; the first answer wins and the loser is cancelled', async () => {
    const { clock, call, sent, heard } = await setUp();
    const answer = call();
    await clock.advance(9);
    expect(sent).toHaveLength(1);
    await clock.advance(1);
    expect(sent).toHaveLength(2);
    await clock.advance(5);
    sent[1]?.answer('second');
    expect(await answer).toBe('second');
    expect(sent.map(({ isCancelled }) => isCancelled)).toEqual([true, false]);
    expect(heard).toEqual([
      ['hedge', { service: 'shop', operation: 'shop.item', afterMs: 10 }],
      ['hedge-won', { service: 'shop', operation: 'shop.item', tookMs: 15 }],
    ]);
  });

  test('cancels the second where the first answers after all', async () => {
    const { clock, call, sent } = await setUp();
    const answer = call();
    await clock.advance(10);
    sent[0]?.answer('first');
    expect(await answer).toBe('first');
    expect(sent[1]?.isCancelled).toBe(true);
  });

  test('sends nothing twice that answers in time', async () => {
    const { clock, call, sent } = await setUp();
    const answer = call();
    await clock.advance(9);
    sent[0]?.answer('in time');
    await answer;
    await clock.advance(1_000);
    expect(sent).toHaveLength(1);
  });

  test('takes a quarter of the time that is left for late while little is known', async () => {
    const { clock, call, sent } = await setUp();
    void call({ operation: shop.fail, input: { with: 'text' } });
    await clock.advance(249);
    expect(sent).toHaveLength(1);
    await clock.advance(1);
    expect(sent).toHaveLength(2);
  });

  test('never sends a command twice', async () => {
    const { clock, call, sent } = await setUp();
    void call({ operation: shop.count, input: { key: 'k' } });
    await clock.advance(500);
    expect(sent).toHaveLength(1);
  });

  test('needs a second instance', async () => {
    const { clock, call, sent } = await setUp({ instances: 1 });
    void call();
    await clock.advance(500);
    expect(sent).toHaveLength(1);
  });

  test('needs what is left of the budget, and asks for it again while the call is late', async () => {
    const { clock, call, sent, heard, budget } = await setUp({ floor: 0 });
    void call();
    await clock.advance(10);
    expect(sent).toHaveLength(1);
    expect(heard).toEqual([['budget-spent', { service: 'shop', operation: 'shop.item', wanted: 'hedge' }]]);
    for (let n = 0; n < 10; n += 1) budget.earn(clock.now());
    await clock.advance(20);
    expect(sent).toHaveLength(2);
  });

  test('waits for the second where the first fails, and fails when both did, with the first failure', async () => {
    const { clock, call, sent } = await setUp();
    const rescued = call();
    await clock.advance(10);
    sent[0]?.fail(new Error('first'));
    sent[1]?.answer('rescued');
    expect(await rescued).toBe('rescued');

    const failed = failureOf(call());
    await clock.advance(20);
    sent[3]?.fail(new Error('hedge'));
    sent[2]?.fail(new Error('first request'));
    expect(await failed).toMatchObject({ message: 'hedge' });
  });

  test('keeps both failures, and holds each against the instance that it came from', async () => {
    const { clock, call, sent, calls } = await setUp();
    const failed = failureOf(call());
    await clock.advance(10);
    const gone = new TransportError('transport.closed', 'gone', { written: true });
    const late = new TransportError('transport.deadline', 'late', { written: true });
    clock.after(990, () => sent[1]?.fail(gone));
    clock.after(991, () => sent[0]?.fail(late));
    await clock.advance(1_000);
    const told = (await failed) as { code: string; cause: AggregateError };
    expect(told.code).toBe('upstream.unavailable');
    expect(told.cause.errors).toEqual([gone, late]);
    const [first, second] = calls.instances.list;
    expect([first?.misses[0]?.error, second?.misses[0]?.error]).toEqual([late, gone]);
  });

  test('fails at once where the first fails before a second was sent', async () => {
    const { clock, call, sent } = await setUp();
    const failed = failureOf(call());
    sent[0]?.fail(new Error('at once'));
    expect(await failed).toMatchObject({ message: 'at once' });
    await clock.advance(500);
    expect(sent).toHaveLength(1);
  });

  test('cancels everything when the caller leaves', async () => {
    const { clock, call, sent } = await setUp();
    const controller = new AbortController();
    const failed = failureOf(call({ signal: controller.signal }));
    await clock.advance(10);
    controller.abort();
    expect(await failed).toMatchObject({ code: 'request.cancelled' });
    expect(sent.map(({ isCancelled }) => isCancelled)).toEqual([true, true]);
  });

  test('sends nothing for a call that its caller has left already', async () => {
    const { clock, call, sent } = await setUp();
    expect(await failureOf(call({ signal: AbortSignal.abort() }))).toMatchObject({
      code: 'request.cancelled',
    });
    await clock.advance(500);
    expect(sent).toEqual([]);
  });

  test('costs no timer where there is one instance, and none once nothing is pending', async () => {
    const { clock, call, sent, calls } = await setUp({ instances: 1 });
    let timers = 0;
    const after = clock.after.bind(clock);
    clock.after = (...all) => {
      timers += 1;
      return after(...all);
    };
    const answer = call();
    sent[0]?.answer('at once');
    await answer;
    expect(timers).toBe(0);
    calls.instances.list.push(calls.instances.list[0]!);
    const several = call();
    sent[1]?.answer('at once');
    await several;
    await clock.advance(1_000);
    expect(timers).toBe(1);
  });

  test('shares one budget with repetitions', async () => {
    const { clock, call, sent, heard } = await setUp({ floor: 2 });
    void failureOf(call());
    void failureOf(call());
    await clock.advance(10);
    expect(heard.map(([name]) => name)).toEqual(['hedge', 'budget-spent']);
    const closed = new TransportError('transport.closed', 'gone', { written: true });
    const lost = failureOf(call());
    sent.at(-1)?.fail(closed); // the second of two that the budget allows
    await clock.advance(0);
    sent.at(-1)?.fail(closed);
    await clock.advance(1_000);
    expect(await lost).toMatchObject({ policy: 'retry-budget' });
  });
});
