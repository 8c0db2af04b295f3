import type { Dispatch } from '@facet/contracts';
import { afterAll, describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { z } from 'zod';
import {
  aggregate,
  cacheControl,
  metaOf,
  run,
  type Aggregation,
  type Outcome,
  type PartKind,
} from '../src/index.js';
import { Failure, itemsOf, s, Upstream, value as answerValue, type Received } from './upstream.js';

/** One part of a random plan: what it needs (by position), how long it takes and whether it fails. */
interface Drawn {
  readonly kind: PartKind;
  readonly needs: readonly number[];
  readonly tookMs: number;
  readonly fails: boolean;
  readonly share: number;
  readonly byIds: boolean;
  /** Whether no other part asks the same operation. */
  readonly isAlone: boolean;
  /** Whether its answer is there before its dispatch returns, as where it is cached. */
  readonly isCached: boolean;
}

interface World {
  readonly parts: readonly Drawn[];
  readonly deadlineMs: number;
  readonly leavesAt: number | undefined;
}

const DEADLINE = 1_000;
const nameOf = (n: number) => `p${n}`;

const drawn = (index: number): fc.Arbitrary<Drawn> =>
  fc.record({
    kind: fc.constantFrom<PartKind>('required', 'optional', 'optional', 'deferred'),
    needs: index === 0 ? fc.constant([]) : fc.uniqueArray(fc.nat({ max: index - 1 }), { maxLength: 3 }),
    tookMs: fc.integer({ min: 0, max: 900 }),
    fails: fc.boolean().chain((may) => (may ? fc.boolean() : fc.constant(false))),
    share: fc.constantFrom(0.3, 0.85, 1),
    byIds: fc.boolean(),
    isAlone: fc.boolean(),
    isCached: fc.boolean(),
  });

const worlds: fc.Arbitrary<World> = fc.record({
  parts: fc
    .integer({ min: 1, max: 9 })
    .chain((size) => fc.tuple(...Array.from({ length: size }, (_, index) => drawn(index))))
    .map((parts) => parts.map((part) => withLegalNeeds(part, parts))),
  deadlineMs: fc.constantFrom(DEADLINE, 400),
  leavesAt: fc.option(fc.integer({ min: 0, max: 900 }), { nil: undefined, freq: 3 }),
});

/** Only a deferred part may need a deferred one. */
function withLegalNeeds(part: Drawn, all: readonly Drawn[]): Drawn {
  if (part.kind === 'deferred') return part;
  return { ...part, needs: part.needs.filter((need) => all[need]?.kind !== 'deferred') };
}

interface LooseBuilder {
  required(name: string, operation: unknown, options: object): LooseBuilder;
  optional(name: string, operation: unknown, options: object): LooseBuilder;
  deferred(name: string, operation: unknown, options: object): LooseBuilder;
  shape(shape: () => object): Aggregation;
}

/** The plan that was drawn. Each part asks a question of its own, so that every call belongs to one part. */
function planOf({ parts, deadlineMs }: World): Aggregation {
  const begun = aggregate('test.random', {
    input: z.strictObject({}),
    deadlineMs,
  }) as unknown as LooseBuilder;
  const built = parts.reduce((builder, { kind, needs, share, byIds, isAlone }, index) => {
    const input = () => (byIds ? { ids: ['a', 'b', 'c', 'd'], lang: nameOf(index) } : { n: index });
    const options = { needs: needs.map(nameOf), share, input };
    const operation = byIds ? s.byIds : s.one;
    const pattern = isAlone ? `${operation.pattern} of ${nameOf(index)}` : operation.pattern;
    return builder[kind](nameOf(index), { ...operation, pattern }, options);
  }, begun);
  return built.shape(() => ({}));
}

function partOf(input: unknown): number {
  const { n, lang } = input as { n?: number; lang?: string };
  return n ?? Number(lang?.slice(1));
}

interface Ran {
  readonly world: World;
  readonly at: Upstream;
  readonly outcome: Outcome<object> | undefined;
  readonly error: unknown;
  readonly client: AbortSignal;
}

async function carryOut(world: World): Promise<Ran> {
  const at = new Upstream(({ byIds }, input) => {
    const part = world.parts[partOf(input)];
    const error = part?.fails ? new Failure('s.down', 503) : undefined;
    const answer = byIds === undefined ? answerValue : itemsOf(input);
    const tookMs = part?.isCached === true ? 0 : (part?.tookMs ?? 0);
    return { value: answer, tookMs, ...(error === undefined ? {} : { error }) };
  });
  const client = new AbortController();
  const { leavesAt } = world;
  if (leavesAt !== undefined) at.clock.after(leavesAt, () => client.abort());
  const running = run(planOf(world), {
    input: {},
    dispatch: cachedOf(world, at),
    signal: client.signal,
    clock: at.clock,
  });
  return at.clock.settle(
    running.then(
      (outcome) => ({ world, at, client: client.signal, outcome, error: undefined }),
      (error: unknown) => ({ world, at, client: client.signal, outcome: undefined, error }),
    ),
  );
}

/** The upstream, but for answers that are there at once. */
const cachedOf =
  ({ parts }: World, at: Upstream): Dispatch =>
  (request, handler) => {
    const { byIds } = request.selection.operation;
    const part = parts[partOf(request.input)];
    if (part === undefined || !part.isCached || part.fails) return at.dispatch(request, handler);
    const call: Received = { pattern: 'cached', input: request.input, options: request, at: at.clock.now() };
    at.received.push({ ...call, endedAt: call.at });
    const value = byIds === undefined ? answerValue : itemsOf(request.input);
    handler.arrived({ value, source: 'cached', ageMs: 20_000 });
    return () => {
      throw new Error('what has ended is not cancelled');
    };
  };

/** When a part began to be asked, from its first call. */
function startOf({ at }: Ran, index: number): number | undefined {
  return at.received.find(({ input }) => partOf(input) === index)?.at;
}

/** When what a part needs had settled, worked out from the drawing alone. */
function settledAt(parts: readonly Drawn[], index: number, deadlineMs: number): number {
  const part = parts[index];
  if (part === undefined) throw new Error('no such part');
  const start = readyAt(parts, index, deadlineMs);
  return start + Math.min(part.isCached ? 0 : part.tookMs, (deadlineMs - start) * part.share);
}

function readyAt(parts: readonly Drawn[], index: number, deadlineMs: number): number {
  return Math.max(0, ...(parts[index]?.needs.map((need) => settledAt(parts, need, deadlineMs)) ?? []));
}

function property(name: string, check: (ran: Ran) => void) {
  test(name, async () => {
    await fc.assert(
      fc.asyncProperty(worlds, async (world) => check(await carryOut(world))),
      { numRuns: 300 },
    );
  });
}

const seen = { whole: 0, degraded: 0, refused: 0, left: 0 };

describe('whatever the plan', () => {
  property('every part starts as early as its inputs allow', (ran) => {
    const { parts, deadlineMs } = ran.world;
    parts.forEach((_, index) => {
      const started = startOf(ran, index);
      if (started !== undefined) expect(started).toBeCloseTo(readyAt(parts, index, deadlineMs), 6);
    });
    if (ran.outcome === undefined) return;
    parts.forEach((_, index) => {
      if (readyAt(parts, index, deadlineMs) < deadlineMs) expect(startOf(ran, index)).toBeDefined();
    });
  });

  property('nothing is asked twice', ({ at, world }) => {
    world.parts.forEach(({ byIds }, index) => {
      const calls = at.received.filter(({ input }) => partOf(input) === index);
      expect(calls.length).toBeLessThanOrEqual(byIds ? 2 : 1);
      const ids = calls.flatMap(({ input }) => (input as { ids?: string[] }).ids ?? []);
      expect(new Set(ids).size).toBe(ids.length);
    });
  });

  property('nothing starts after the deadline, or once the client has left', ({ at, world }) => {
    const end = Math.min(world.deadlineMs, world.leavesAt ?? Infinity);
    for (const call of at.received) {
      expect(call.at).toBeLessThanOrEqual(end);
      expect(call.options.deadline).toBeLessThanOrEqual(world.deadlineMs);
    }
  });

  property('the run ends in time, and leaves nothing running and no timer set', ({ at, world, client }) => {
    expect(at.clock.now()).toBeLessThanOrEqual(Math.min(world.deadlineMs, world.leavesAt ?? Infinity));
    expect(at.running).toEqual([]);
    // The drawing's own: the client who has not left yet, at the same moment for one.
    const ownTimers = world.leavesAt === undefined || client.aborted ? 0 : 1;
    expect(at.clock.pending).toBe(ownTimers);
  });

  property('what an answer says of itself follows from its parts', ({ outcome }) => {
    if (outcome === undefined) return;
    const { parts, degraded } = outcome;
    expect(outcome.cacheControl).toBe(cacheControl(outcome.freshness));
    expect(outcome.serverTiming.split(', ').map((each) => each.split(';')[0])).toEqual([
      ...parts.map(({ part }) => part),
      'total',
    ]);
    expect(metaOf(outcome)).toEqual(degraded.length === 0 ? undefined : { degraded });
    const asked = new Set(outcome.record.calls.flatMap(({ parts: names }) => names));
    for (const { part, status } of parts) if (status === 'fresh') expect(asked).toContain(part);
  });

  property(
    'the answer is whole, or names what is missing, or is refused by a part that is required',
    (ran) => {
      const { world, outcome, error } = ran;
      if (outcome === undefined) {
        const { code, part } = error as { code: string; part?: string };
        if (code === 'aggregation.cancelled') {
          seen.left += 1;
          expect(world.leavesAt).toBeDefined();
          return;
        }
        seen.refused += 1;
        expect(['s.down', 'aggregation.timeout']).toContain(code);
        expect(world.parts[Number(part?.slice(1))]?.kind).toBe('required');
        return;
      }
      const missing = outcome.parts.filter(({ status }) => status === 'missing').map(({ part }) => part);
      expect(outcome.degraded.map(({ part }) => part)).toEqual(missing);
      expect(outcome.freshness.store).toBe(missing.length === 0);
      seen[missing.length === 0 ? 'whole' : 'degraded'] += 1;
      world.parts.forEach(({ fails }, index) => {
        if (fails && startOf(ran, index) !== undefined) expect(missing).toContain(nameOf(index));
      });
    },
  );
});

afterAll(() => {
  // The plans that were drawn are worth nothing if they all end in the same way.
  for (const [end, times] of Object.entries(seen)) {
    if (times === 0) throw new Error(`no random plan has ended ${end}`);
  }
});
