import { TransportError } from '@facet/transport';
import { describe, expect, test } from '@jest/globals';
import { createClock } from '@facet/testing';
import { failureOf, listen, outgoing, visit } from '../../test/support/outgoing.js';
import { shop } from '../../test/support/shop.js';
import { Budget, budgetDefaults } from './budget.js';
import { hedge, hedgeDefaults } from './hedge.js';
import type { Instance } from '../instances/instance.js';
import type { Outgoing } from './layer.js';

interface Sent {
  readonly call: Outgoing;
  readonly answer: (value: string) => void;
  readonly fail: (error: Error) => void;
}

const everywhere = (instances: number) => Array.from({ length: instances }, () => ({}) as Instance);

/** A service that usually answers in 10 ms, known from 64 calls; then it answers when it is told to. */
async function setUp({ instances = 3, floor = 10 } = {}) {
  const clock = createClock();
  const { tell, heard } = listen('hedge', 'hedge-won', 'budget-spent');
  const sent: Sent[] = [];
  const budget = new Budget({ ...budgetDefaults, floor }, clock);
  let isWarm = false;
  const send = hedge({
    ...hedgeDefaults,
    service: 'shop',
    budget,
    clock,
    tell,
    hasSeveral: () => instances > 1,
    hasOther: ({ tried }) => tried.length < instances,
  })((call) => {
    visit(call);
    return new Promise((resolve, reject) => {
      if (!isWarm) clock.after(10, () => resolve('usual'));
      else sent.push({ call, answer: resolve, fail: reject });
      call.signal.addEventListener('abort', () => reject(new TransportError('transport.cancelled', 'left')));
    });
  });
  for (let n = 0; n < 64; n += 1) {
    const usual = send(outgoing({ deadline: Infinity, tried: everywhere(instances) }));
    await clock.advance(10);
    await usual;
  }
  isWarm = true;
  const call = (given: Partial<Outgoing> = {}) => send(outgoing({ deadline: clock.now() + 1_000, ...given }));
  return { clock, call, sent, heard, budget };
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
    expect(sent.map(({ call: { signal } }) => signal.aborted)).toEqual([true, false]);
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
    expect(sent[1]?.call.signal.aborted).toBe(true);
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
    for (let n = 0; n < 10; n += 1) budget.earn();
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
    expect(await failed).toMatchObject({ code: 'transport.cancelled' });
    expect(sent.map(({ call: { signal } }) => signal.aborted)).toEqual([true, true]);
  });

  test('hands on a call that its caller has left already as one that is cancelled', async () => {
    const { call, sent } = await setUp();
    void call({ signal: AbortSignal.abort() });
    expect(sent.map(({ call: { signal } }) => signal.aborted)).toEqual([true]);
  });
});
