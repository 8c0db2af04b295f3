import type { Call, Operation } from '@facet/contracts';
import { VirtualClock } from '@facet/contracts/testing';
import { afterAll, describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { runSaga, SagaError, type Unresolved } from '../src/index.js';
import { checkout, Refusal, Shop } from './shop.js';

/** What becomes of one command on its way there and back. */
type Way =
  | 'fine'
  | 'lost before'
  | 'lost after'
  | 'hangs before'
  | 'hangs after'
  | 'killed before'
  | 'killed after'
  | 'denied before';

interface World {
  /** The ways of the first commands, in the order in which they are sent; all others are fine. */
  readonly ways: readonly Way[];
  /** A service that stays away from the nth command on. */
  readonly outage: { readonly service: string; readonly from: number } | undefined;
  readonly refused: string | undefined;
}

const refusals: Record<string, Refusal> = {
  'inventory.reserve': new Refusal('inventory.insufficient-stock', 409),
  'payments.authorise': new Refusal('payments.card-declined', 402),
  'orders.place': new Refusal('orders.mixed-currencies', 422),
  'inventory.commit': new Refusal('inventory.reservation-expired', 409),
  'orders.confirm': new Refusal('orders.order-cancelled', 409),
  'payments.capture': new Refusal('payments.capture-declined', 402),
  'payments.void': new Refusal('payments.payment-not-found', 404),
};

const way = fc.constantFrom<Way>(
  ...(['fine', 'fine', 'fine', 'fine', 'lost before', 'lost after'] as const),
  ...(['hangs before', 'hangs after', 'killed before', 'killed after'] as const),
  'denied before',
);
const worlds: fc.Arbitrary<World> = fc.record({
  ways: fc.array(way, { maxLength: 16 }),
  outage: fc.option(
    fc.record({ service: fc.constantFrom('inventory', 'payments', 'orders'), from: fc.nat({ max: 12 }) }),
    { nil: undefined, freq: 2 },
  ),
  refused: fc.option(fc.constantFrom(...Object.keys(refusals)), { nil: undefined, freq: 2 }),
});

interface Ended {
  readonly kind: 'done' | 'failed' | 'killed';
  readonly error?: SagaError;
  readonly recorded: readonly Unresolved[];
}

const lost = () => new Refusal('upstream.unavailable', 503);

/** One gateway process, from its start until it ends or is killed. */
async function gateway(shop: Shop, world: World): Promise<Ended> {
  const clock = new VirtualClock();
  const recorded: Unresolved[] = [];
  const killed = new AbortController();
  const dead = new Promise<Ended>((resolve) =>
    killed.signal.addEventListener('abort', () => resolve({ kind: 'killed', recorded })),
  );
  let sent = 0;
  const call = ((operation: Operation, input: Record<string, unknown>) => {
    if (killed.signal.aborted) return new Promise(() => undefined);
    const index = sent++;
    const { outage } = world;
    if (outage !== undefined && operation.service === outage.service && index >= outage.from) throw lost();
    const [what, when] = (world.ways[index] ?? 'fine').split(' ');
    const answer = when === 'before' ? undefined : attempt(() => shop.handle(operation, input));
    if (what === 'lost') throw lost();
    if (what === 'denied') throw new Refusal('access.denied', 403);
    if (what === 'killed') killed.abort();
    if (what !== 'fine' || answer === undefined) return new Promise(() => undefined);
    if (answer instanceof Refusal) throw answer;
    return Promise.resolve({ value: answer, source: 'fresh', ageMs: 0 });
  }) as unknown as Call;
  const { signal } = new AbortController();
  const input = { productId: 'p1', card: 'tok' };
  // A copy for each process: no process knows what runs in another.
  const running = runSaga(
    { ...checkout },
    { input, key: 'key-0001', call, signal, record: (left) => void recorded.push(left), clock },
  );
  const ended = running.then(
    (): Ended => ({ kind: 'done', recorded }),
    (error: unknown): Ended => {
      if (!(error instanceof SagaError)) throw error;
      return { kind: 'failed', error, recorded };
    },
  );
  return clock.settle(Promise.race([ended, dead]));
}

function attempt(work: () => Record<string, unknown>): Record<string, unknown> | Refusal {
  try {
    return work();
  } catch (error) {
    if (error instanceof Refusal) return error;
    throw error;
  }
}

/** What a step leaves behind in its service, by step. */
function leftBy({ state }: Shop): string[] {
  return [
    ...(state.reservation === 'held' ? ['reserve'] : []),
    ...(state.reservation === 'done' ? ['commit'] : []),
    ...(state.authorisation === 'held' ? ['authorise'] : []),
    ...(state.order === 'none' ? [] : ['place']),
    ...(state.capture === 'none' ? [] : ['capture']),
    ...(state.order === 'done' ? ['confirm'] : []),
  ];
}

const healthy: World = { ways: [], outage: undefined, refused: undefined };
const shopOf = ({ refused }: World) =>
  new Shop(refused === undefined ? {} : { [refused]: refusals[refused] ?? lost() });
const whole = { reservation: 'done', authorisation: 'done', order: 'done', capture: 'done' };
const seen = { done: 0, failed: 0, killed: 0, recorded: 0 };

function property(name: string, check: (shop: Shop, world: World) => Promise<void>) {
  test(name, async () => {
    await fc.assert(
      fc.asyncProperty(worlds, (world) => check(shopOf(world), world)),
      { numRuns: 500 },
    );
  });
}

describe('whatever fails on the way', () => {
  property(
    'a saga is done as a whole, or undone, or names every step that it left behind',
    async (shop, world) => {
      const { kind, error, recorded } = await gateway(shop, world);
      seen[kind] += 1;
      if (kind === 'killed') return;
      if (kind === 'done') {
        expect(shop.state).toEqual(whole);
        expect(recorded).toEqual([]);
        return;
      }
      seen.recorded += Math.min(1, recorded.length);
      expect(error?.unresolved).toEqual(recorded);
      const named = recorded.map(({ step }) => step);
      for (const step of leftBy(shop)) expect(named).toContain(step);
      for (const step of error?.undone ?? []) expect(named).not.toContain(step);
    },
  );

  property('no command has its effect twice, however often the key comes again', async (shop, world) => {
    for (let again = 0; again < 3; again += 1) await gateway(shop, world);
    await gateway(shop, healthy);
    for (const [pattern, times] of shop.effects) expect([pattern, times]).toEqual([pattern, 1]);
  });

  property('the same key ends it once the services are back: all of it, or nothing', async (shop, world) => {
    await gateway(shop, world);
    const { kind, recorded } = await gateway(shop, healthy);
    expect(kind).not.toBe('killed');
    if (kind === 'done') expect(shop.state).toEqual(whole);
    else if (recorded.length === 0) expect(leftBy(shop)).toEqual([]);
    else for (const step of leftBy(shop)) expect(recorded.map((left) => left.step)).toContain(step);
  });
});

test('a gateway that dies after a refund never has the order confirmed by the next one', async () => {
  const dying: World = {
    ...healthy,
    ways: ['fine', 'fine', 'fine', 'hangs after', 'hangs before', 'fine', 'fine', 'killed after'],
  };
  const shop = shopOf(dying);
  expect(await gateway(shop, dying)).toMatchObject({ kind: 'killed' });
  expect(shop.state).toMatchObject({ capture: 'none', order: 'held' });
  expect(await gateway(shop, healthy)).toMatchObject({ kind: 'failed', recorded: [] });
  expect(leftBy(shop)).toEqual([]);
});

afterAll(() => {
  // The worlds that were drawn are worth nothing if they all end in the same way.
  for (const [end, times] of Object.entries(seen)) {
    if (times === 0) throw new Error(`no random saga was ${end}`);
  }
});
