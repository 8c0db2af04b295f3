import { describe, expect, test } from '@jest/globals';
import type { Call } from '@facet/contracts';
import { VirtualClock } from '@facet/contracts/testing';
import { z } from 'zod';
import { inventory, orders } from '../test/contracts.js';
import { checkout, Refusal, Shop } from '../test/shop.js';
import { runSaga, saga, SagaError, type RunSagaOptions, type Unresolved } from './index.js';

const input = { productId: 'p1', card: 'tok' };

function start(shop: Shop, options: Partial<RunSagaOptions<typeof input>> = {}) {
  const clock = new VirtualClock();
  const recorded: Unresolved[] = [];
  const { signal } = new AbortController();
  const record = (left: Unresolved) => void recorded.push(left);
  const run = runSaga(checkout, {
    input,
    key: 'key-0001',
    call: shop.call,
    signal,
    record,
    clock,
    random: () => 0.5,
    ...options,
  });
  return { run: clock.settle(run), recorded, clock };
}

async function failureOf(run: Promise<unknown>): Promise<SagaError> {
  const error: unknown = await run.then(
    () => undefined,
    (caught: unknown) => caught,
  );
  if (!(error instanceof SagaError)) throw new Error('the saga did not fail as one', { cause: error });
  return error;
}

const patterns = (shop: Shop) => shop.sent.map(({ pattern }) => pattern);
const unavailable = () => new Refusal('upstream.unavailable', 503);

const denied = () => new Refusal('access.denied', 403);

interface Losing {
  readonly pattern: string;
  readonly when: 'before' | 'after';
  readonly times: number;
  /** What it is refused with from then on, before its service looks at the key. */
  readonly then?: Refusal;
}

/** Loses what comes back from an operation (`after`), or never delivers it (`before`), `times` over. */
function losing(shop: Shop, what: Losing): Call {
  let left = what.times;
  return (operation, sent, options) => {
    if (operation.pattern !== what.pattern) return shop.call(operation, sent, options);
    if (left === 0 && what.then !== undefined) return Promise.reject(what.then);
    if (left === 0) return shop.call(operation, sent, options);
    left -= 1;
    if (what.when === 'before') return Promise.reject(unavailable());
    return shop.call(operation, sent, options).then(() => Promise.reject(unavailable()));
  };
}

describe('a saga', () => {
  test('carries its steps out in order, each with a key of its own', async () => {
    const shop = new Shop();
    const { value } = await start(shop).run;
    expect(value).toEqual({ order: 'ord1', status: 'confirmed', payment: 'captured' });
    expect(patterns(shop)).toEqual([
      'inventory.reserve',
      'payments.authorise',
      'orders.place',
      'payments.capture',
      'inventory.commit',
      'orders.confirm',
    ]);
    const keys = shop.sent.map((sent) => sent.input['idempotencyKey'] as string);
    expect(new Set(keys).size).toBe(6);
    for (const key of keys) expect(key).toMatch(/^[\x21-\x7e]{8,200}$/);
  });

  test('repeated with the same key, has no further effect and the same answer', async () => {
    const shop = new Shop();
    const first = await start(shop).run;
    const second = await start(shop).run;
    expect(second.value).toEqual(first.value);
    expect(Object.fromEntries(shop.effects)).toEqual({
      'inventory.reserve': 1,
      'payments.authorise': 1,
      'orders.place': 1,
      'payments.capture': 1,
      'inventory.commit': 1,
      'orders.confirm': 1,
    });
  });

  test('of another caller with the same key, is another saga', async () => {
    const shop = new Shop();
    const caller = { kind: 'user', client: 'web', credential: 'bearer', scopes: [], roles: [] } as const;
    await start(shop, { caller: { ...caller, subject: 'ann' } }).run;
    const before = shop.sent.map((sent) => sent.input['idempotencyKey']);
    await start(shop, { caller: { ...caller, subject: 'bob' } }).run.catch(() => undefined);
    expect(before).not.toContain(shop.sent[6]?.input['idempotencyKey']);
  });

  test('of the same caller for another customer, is another saga', async () => {
    const shop = new Shop();
    const caller = {
      subject: 'ann',
      kind: 'user',
      client: 'app',
      credential: 'bearer',
      scopes: [],
      roles: [],
    } as const;
    await start(shop, { caller: { ...caller, customerId: 'cus_0010' } }).run;
    const before = shop.sent.map((sent) => sent.input['idempotencyKey']);
    await start(shop, { caller: { ...caller, customerId: 'cus_0020' } }).run.catch(() => undefined);
    expect(before).not.toContain(shop.sent[6]?.input['idempotencyKey']);
  });

  test('undoes what bars the way forward, then the rest in reverse, and fails as the refusal', async () => {
    const shop = new Shop({ 'payments.capture': new Refusal('payments.capture-declined', 402) });
    const { run, recorded } = start(shop);
    const error = await failureOf(run);
    expect(error).toMatchObject({
      code: 'payments.capture-declined',
      status: 402,
      step: 'capture',
      service: 'payments',
      undone: ['reserve', 'place', 'authorise'],
      unresolved: [],
    });
    expect(recorded).toEqual([]);
    expect(patterns(shop).slice(-3)).toEqual(['inventory.release', 'orders.cancel', 'payments.void']);
    expect(shop.state).toEqual({
      reservation: 'none',
      authorisation: 'none',
      order: 'none',
      capture: 'none',
    });
  });

  test('undoes nothing when the first step is refused', async () => {
    const shop = new Shop({ 'inventory.reserve': new Refusal('inventory.insufficient-stock', 409) });
    const error = await failureOf(start(shop).run);
    expect(error).toMatchObject({ code: 'inventory.insufficient-stock', status: 409, undone: [] });
    expect(patterns(shop)).toEqual(['inventory.reserve']);
  });

  test('tries a step again with the same key when its answer is lost', async () => {
    const shop = new Shop();
    const call = losing(shop, { pattern: 'payments.authorise', when: 'after', times: 1 });
    await start(shop, { call }).run;
    expect(patterns(shop).filter((pattern) => pattern === 'payments.authorise')).toHaveLength(2);
    expect(shop.effects.get('payments.authorise')).toBe(1);
  });

  test('finds out what became of a step without an answer before it undoes it', async () => {
    const shop = new Shop();
    const call = losing(shop, { pattern: 'payments.authorise', when: 'after', times: 2 });
    const error = await failureOf(start(shop, { call }).run);
    expect(error).toMatchObject({
      code: 'checkout.authorise-unavailable',
      status: 503,
      step: 'authorise',
      undone: ['reserve', 'authorise'],
      unresolved: [],
    });
    expect(shop.state).toMatchObject({ reservation: 'none', authorisation: 'none' });
  });

  test('records a step whose outcome nobody can tell, and undoes the others', async () => {
    const shop = new Shop();
    const call = losing(shop, { pattern: 'payments.authorise', when: 'after', times: 99 });
    const { run, recorded } = start(shop, { call });
    const error = await failureOf(run);
    expect(recorded).toEqual([
      expect.objectContaining({
        step: 'authorise',
        why: 'outcome-unknown',
        operation: 'payments.authorise',
        reason: 'upstream.unavailable',
      }),
    ]);
    expect(error.unresolved).toEqual(recorded);
    expect(error.undone).toEqual(['reserve']);
    expect(JSON.stringify(recorded)).not.toContain('tok');
  });

  test('records an undoing that failed with what would undo it, and undoes the rest', async () => {
    const shop = new Shop({
      'payments.capture': new Refusal('payments.capture-declined', 402),
      'payments.void': new Refusal('payments.payment-not-found', 404),
    });
    const { run, recorded } = start(shop);
    const error = await failureOf(run);
    expect(error.undone).toEqual(['reserve', 'place']);
    expect(recorded).toEqual([
      expect.objectContaining({
        why: 'compensation-failed',
        reason: 'payments.payment-not-found',
        compensation: {
          operation: 'payments.void',
          input: { paymentId: 'pay1', idempotencyKey: expect.stringMatching(/^checkout\.authorise\.undo\./) },
        },
      }),
    ]);
  });

  test('tries an undoing again until it succeeds', async () => {
    const shop = new Shop({ 'payments.capture': new Refusal('payments.capture-declined', 402) });
    const call = losing(shop, { pattern: 'inventory.release', when: 'before', times: 4 });
    const error = await failureOf(start(shop, { call }).run);
    expect(error.undone).toEqual(['reserve', 'place', 'authorise']);
  });

  test('takes a refusal that says there is nothing left to undo for an undoing', async () => {
    const shop = new Shop({ 'inventory.commit': new Refusal('inventory.reservation-expired', 409) });
    const error = await failureOf(start(shop).run);
    expect(error).toMatchObject({
      code: 'inventory.reservation-expired',
      undone: ['reserve', 'capture', 'place', 'authorise'],
      unresolved: [],
    });
  });

  test('records a step that cannot be undone when a later one is refused', async () => {
    const shop = new Shop({ 'orders.confirm': new Refusal('orders.order-cancelled', 409) });
    const { run, recorded } = start(shop);
    const error = await failureOf(run);
    expect(error).toMatchObject({ code: 'orders.order-cancelled', status: 409 });
    expect(recorded.map(({ step, why }) => [step, why])).toEqual([['commit', 'irreversible']]);
    expect(shop.state).toMatchObject({ reservation: 'done', order: 'none', capture: 'none' });
  });

  test('that was undone is refused and undone again under its key, and works under the next attempt', async () => {
    const shop = new Shop();
    const call = losing(shop, { pattern: 'payments.authorise', when: 'before', times: 7 });
    await failureOf(start(shop, { call }).run);
    expect(shop.state.reservation).toBe('none');

    const again = await failureOf(start(shop).run);
    expect(again).toMatchObject({ code: 'inventory.reservation-released', unresolved: [] });
    expect(shop.state).toEqual({
      reservation: 'none',
      authorisation: 'done',
      order: 'none',
      capture: 'none',
    });

    const { value } = await start(shop, { attempt: 1 }).run;
    expect(value.status).toBe('confirmed');
  });

  test('insists on a step that cannot be undone rather than undoing what it may rest on', async () => {
    const shop = new Shop();
    const call = losing(shop, { pattern: 'orders.confirm', when: 'after', times: 5 });
    const { value } = await start(shop, { call }).run;
    expect(value.status).toBe('confirmed');
    expect(shop.effects.get('payments.refund')).toBeUndefined();
  });

  test('holds everything when nobody can tell whether the last step was done; the same key goes on', async () => {
    const shop = new Shop();
    const call = losing(shop, { pattern: 'orders.confirm', when: 'before', times: 99 });
    const { run, recorded } = start(shop, { call });
    const error = await failureOf(run);
    expect(error.undone).toEqual([]);
    expect(error.message).toContain('send it again with the same key');
    expect(recorded.map(({ step, why }) => [step, why])).toEqual([
      ['confirm', 'outcome-unknown'],
      ['commit', 'in-doubt'],
      ['capture', 'in-doubt'],
      ['place', 'in-doubt'],
      ['authorise', 'in-doubt'],
      ['reserve', 'in-doubt'],
    ]);
    const { value } = await start(shop).run;
    expect(value.status).toBe('confirmed');
    expect(shop.effects.get('payments.capture')).toBe(1);
  });

  test('does not undo what another run with the same key has done', async () => {
    const shop = new Shop({ 'payments.authorise': new Refusal('idempotency.key-reused', 422) });
    const error = await failureOf(start(shop).run);
    expect(error).toMatchObject({ code: 'idempotency.key-reused', status: 422, undone: [] });
    expect(shop.state.reservation).toBe('held');
    expect(namesOf(error)).toEqual([
      ['authorise', 'outcome-unknown'],
      ['reserve', 'in-doubt'],
    ]);
  });

  test('sends nothing for a client that has left already, and finishes for one that leaves later', async () => {
    const gone = new Shop();
    await expect(start(gone, { signal: AbortSignal.abort() }).run).rejects.toMatchObject({
      code: 'aggregation.cancelled',
      status: 499,
    });
    expect(gone.sent).toEqual([]);

    const shop = new Shop();
    const client = new AbortController();
    const call = ((operation, sent, options) => {
      client.abort();
      return shop.call(operation, sent, options);
    }) as Call;
    await start(shop, { call, signal: client.signal }).run;
    expect(shop.state.order).toBe('done');
  });

  test('is undone when its time is up, and starts no further step', async () => {
    const shop = new Shop();
    const clock = new VirtualClock();
    const call = (async (operation, sent, options) => {
      await clock.sleep(operation.pattern === 'orders.place' ? 2_900 : 0);
      return shop.call(operation, sent, options);
    }) as Call;
    const slow = { ...checkout, deadlineMs: 2_900 };
    const { signal } = new AbortController();
    const run = runSaga(slow, { input, key: 'key-0001', call, signal, record: () => undefined, clock });
    const error = await failureOf(clock.settle(run));
    expect(error).toMatchObject({ code: 'checkout.place-timeout', status: 504, unresolved: [] });
    expect(patterns(shop)).not.toContain('payments.capture');
    expect(shop.state).toEqual({
      reservation: 'none',
      authorisation: 'none',
      order: 'none',
      capture: 'none',
    });
  });

  test('is one run when the same request comes twice at once', async () => {
    const shop = new Shop();
    const [first, second] = await Promise.all([start(shop).run, start(shop).run]);
    expect(second).toBe(first);
    expect(shop.sent).toHaveLength(6);
  });

  test('tells of what is left in its error when the record fails', async () => {
    const shop = new Shop();
    const call = losing(shop, { pattern: 'payments.authorise', when: 'after', times: 99 });
    const record = () => Promise.reject(new Error('disk full'));
    const error = await failureOf(start(shop, { call, record }).run);
    expect(error.unresolved.map(({ step }) => step)).toEqual(['authorise']);
  });

  test('undoes the steps before one whose input cannot be made', async () => {
    const shop = new Shop();
    const call = (async (operation, sent, options) => {
      const answer = await shop.call(operation, sent, options);
      return operation.pattern === 'payments.authorise' ? { ...answer, value: undefined } : answer;
    }) as Call;
    const error = await failureOf(start(shop, { call }).run);
    expect(error).toMatchObject({ code: 'aggregation.defect', status: 500, step: 'place' });
    expect(error.undone).toEqual(['reserve']);
    expect(error.unresolved).toMatchObject([{ step: 'authorise', why: 'compensation-failed' }]);
  });

  test('undoes the others in time where one is never answered', async () => {
    const shop = new Shop();
    const clock = new VirtualClock();
    const call = ((operation, sent, options) =>
      operation.pattern === 'payments.authorise'
        ? new Promise(() => undefined)
        : shop.call(operation, sent, options)) as Call;
    const { signal } = new AbortController();
    const run = runSaga(checkout, { input, key: 'key-0001', call, signal, record: () => undefined, clock });
    const error = await failureOf(clock.settle(run));
    expect(error).toMatchObject({ code: 'checkout.authorise-timeout', status: 504, undone: ['reserve'] });
    expect(shop.state.reservation).toBe('none');
  });
});

const namesOf = ({ unresolved }: SagaError) => unresolved.map(({ step, why }) => [step, why]);

/** What a gateway leaves that dies once it has sent `pattern`. */
async function killedAt(shop: Shop, pattern: string): Promise<void> {
  const call = ((operation, sent, options) =>
    operation.pattern === pattern
      ? shop.call(operation, sent, options).then(() => new Promise(() => undefined))
      : shop.call(operation, sent, options)) as Call;
  const { signal } = new AbortController();
  // A copy for each process: no process knows what runs in another.
  const dying = { input, key: 'key-0001', call, signal, record: () => undefined, clock: new VirtualClock() };
  void runSaga({ ...checkout }, dying);
  while (!shop.effects.has(pattern)) await new Promise((resolve) => setImmediate(resolve));
}

describe('a refusal that the contract does not declare', () => {
  test('of the first step is the answer, and nothing is left behind', async () => {
    const shop = new Shop();
    const call = losing(shop, { pattern: 'inventory.reserve', when: 'before', times: 0, then: denied() });
    const { run, recorded } = start(shop, { call });
    expect(await failureOf(run)).toMatchObject({ code: 'access.denied', status: 403, unresolved: [] });
    expect(recorded).toEqual([]);
  });

  test('is no proof that a lost step that cannot be undone was not done: all is held', async () => {
    const shop = new Shop();
    const call = losing(shop, { pattern: 'inventory.commit', when: 'after', times: 2, then: denied() });
    const { run, recorded } = start(shop, { call });
    const error = await failureOf(run);
    expect(error).toMatchObject({ code: 'checkout.commit-unavailable', status: 503, undone: [] });
    expect(error.message).toContain('send it again with the same key');
    expect(namesOf(error)).toEqual([
      ['commit', 'outcome-unknown'],
      ['capture', 'in-doubt'],
      ['place', 'in-doubt'],
      ['authorise', 'in-doubt'],
      ['reserve', 'in-doubt'],
    ]);
    expect(recorded).toEqual(error.unresolved);

    const { value } = await start(shop).run;
    expect(value.status).toBe('confirmed');
  });

  test('is no proof that a lost step was not done, and the step is recorded', async () => {
    const shop = new Shop();
    const call = losing(shop, { pattern: 'payments.authorise', when: 'after', times: 2, then: denied() });
    const error = await failureOf(start(shop, { call }).run);
    expect(error.undone).toEqual(['reserve']);
    expect(error.unresolved).toMatchObject([
      { step: 'authorise', why: 'outcome-unknown', reason: 'access.denied' },
    ]);
    expect(shop.state).toMatchObject({ reservation: 'none', authorisation: 'held' });
  });

  test('is no proof for a lost first step either', async () => {
    const shop = new Shop();
    const call = losing(shop, { pattern: 'inventory.reserve', when: 'after', times: 2, then: denied() });
    const error = await failureOf(start(shop, { call }).run);
    expect(namesOf(error)).toEqual([['reserve', 'outcome-unknown']]);
  });

  test('is no proof where a gateway that has died may have done the step', async () => {
    const shop = new Shop();
    await killedAt(shop, 'payments.capture');
    const call = losing(shop, { pattern: 'payments.capture', when: 'before', times: 0, then: denied() });
    const error = await failureOf(start(shop, { call }).run);
    expect(shop.state).toMatchObject({ capture: 'done', order: 'none', reservation: 'none' });
    expect(error).toMatchObject({ code: 'access.denied', status: 403, undone: ['reserve', 'place'] });
    expect(error.unresolved).toMatchObject([
      { step: 'capture', why: 'outcome-unknown', reason: 'access.denied' },
      { step: 'authorise', why: 'compensation-failed', reason: 'payments.already-captured' },
    ]);
  });

  test('because its input has another form by now silences nothing', async () => {
    const shop = new Shop();
    await killedAt(shop, 'payments.capture');
    const then = new Refusal('idempotency.key-reused', 422);
    const call = losing(shop, { pattern: 'payments.capture', when: 'before', times: 0, then });
    const { run, recorded } = start(shop, { call });
    const error = await failureOf(run);
    expect(error).toMatchObject({ code: 'idempotency.key-reused', status: 422, undone: [] });
    expect(recorded.map(({ step }) => step)).toEqual(['capture', 'place', 'authorise', 'reserve']);
  });
});

describe('a step that a later one has taken over', () => {
  test('is left to a run that knows of the later one', async () => {
    const shop = new Shop();
    await killedAt(shop, 'payments.capture');
    const call = losing(shop, { pattern: 'orders.place', when: 'before', times: 99 });
    const error = await failureOf(start(shop, { call }).run);
    expect(namesOf(error)).toEqual([
      ['place', 'outcome-unknown'],
      ['authorise', 'compensation-failed'],
    ]);
  });

  test('is left behind where the later one could not be undone', async () => {
    const shop = new Shop({
      'inventory.commit': new Refusal('inventory.reservation-expired', 409),
      'payments.refund': new Refusal('payments.not-captured', 409),
    });
    const error = await failureOf(start(shop).run);
    expect(namesOf(error)).toEqual([
      ['capture', 'compensation-failed'],
      ['authorise', 'compensation-failed'],
    ]);
  });

  test('names one that comes after it', () => {
    const draft = saga('wrong', { input: z.strictObject({}) }).step('confirm', orders.confirm, {
      input: () => ({ id: 'o' }),
      compensate: {
        by: orders.cancel,
        input: () => ({ id: 'o', reason: 'r' }),
        supersededBy: { 'orders.order-confirmed': 'confirm' },
      },
    });
    expect(() => draft.result(() => undefined)).toThrow(
      'wrong, step "confirm": supersededBy names "confirm", which is no later step',
    );
  });
});

describe('a harmless step', () => {
  const quoted = () =>
    saga('quoted', { input: z.strictObject({}) })
      .step('quote', orders.cancel, { input: () => ({ id: 'o', reason: 'r' }), harmless: true })
      .step('reserve', inventory.reserve, {
        input: () => ({ lines: [{ productId: 'p1', quantity: 1 }] }),
        compensate: {
          by: inventory.release,
          input: ({ reserve }) => ({ reservationId: reserve.reservationId }),
        },
      })
      .result(({ reserve }) => reserve.reservationId);
  const { signal } = new AbortController();
  const run = (call: Call) =>
    runSaga(quoted(), { input: {}, key: 'key-0001', call, signal, record: () => undefined, random: () => 0 });

  test('is not undone, and is nothing that was left behind', async () => {
    const shop = new Shop({ 'inventory.reserve': new Refusal('inventory.insufficient-stock', 409) });
    const error = await failureOf(run(shop.call));
    expect(error).toMatchObject({ code: 'inventory.insufficient-stock', undone: [], unresolved: [] });
    expect(patterns(shop)).toEqual(['orders.cancel', 'inventory.reserve']);
  });

  test('that has no answer ends the saga, and nobody asks what became of it', async () => {
    const shop = new Shop();
    const call = losing(shop, { pattern: 'orders.cancel', when: 'before', times: 99 });
    const error = await failureOf(run(call));
    expect(error).toMatchObject({
      code: 'quoted.quote-unavailable',
      status: 503,
      undone: [],
      unresolved: [],
    });
    expect(shop.sent).toEqual([]);
  });

  test('cannot have a compensation too', () => {
    const both = { input: () => ({ id: 'o' }), harmless: true };
    expect(() =>
      saga('both', { input: z.strictObject({}) }).step('confirm', orders.confirm, {
        ...both,
        compensate: { by: orders.cancel, input: () => ({ id: 'o', reason: 'r' }) },
      }),
    ).toThrow('both, step "confirm": a harmless step has nothing to undo');
  });
});
