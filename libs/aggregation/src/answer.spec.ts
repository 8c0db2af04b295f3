import { describe, expect, test } from '@jest/globals';
import { z } from 'zod';
import { catalog } from '../test/contracts.js';
import { home } from '../test/home.js';
import { Failure, s, Upstream, value, type Behaviour } from '../test/upstream.js';
import {
  aggregate,
  cacheControl,
  describeAggregation,
  indexBy,
  lookup,
  mermaid,
  metaOf,
  run,
  type Aggregation,
} from './index.js';

const draft = aggregate('test.answer', { input: z.strictObject({}) });
const ask = { input: () => ({ n: 1 }) };

function start(aggregation: Aggregation, behaviours: Readonly<Record<string, Behaviour>> = {}) {
  const at = new Upstream(({ name }) => ({ value, ...behaviours[name] }));
  const { signal } = new AbortController();
  return at.clock.settle(run(aggregation, { input: {}, dispatch: at.dispatch, signal, clock: at.clock }));
}

describe('the freshness of an answer', () => {
  const both = draft
    .required('one', s.one, ask)
    .optional('two', s.two, ask)
    .shape(() => ({}));

  test('is the shortest lifetime of its parts, less their age', async () => {
    const { freshness } = await start(both, { one: { source: 'cached', ageMs: 8_000 } });
    expect(freshness).toEqual({ store: true, maxAgeMs: 2_000, staleWhileRevalidateMs: 0, scope: 'public' });
    expect(cacheControl(freshness)).toBe('public, max-age=2');
  });

  test('of a stale part is none, and what is left of being stale', async () => {
    const one = draft.required('one', s.one, ask).shape(() => ({}));
    const { freshness, parts } = await start(one, { one: { source: 'stale', ageMs: 12_000 } });
    expect(parts).toMatchObject([{ status: 'stale', ageMs: 12_000 }]);
    expect(cacheControl(freshness)).toBe('public, max-age=0, stale-while-revalidate=3');
  });

  test('is private as soon as one part depends on the caller', async () => {
    const mine = draft
      .required('one', s.one, ask)
      .required('mine', s.mine, ask)
      .shape(() => ({}));
    expect(cacheControl((await start(mine)).freshness)).toBe('private, max-age=9');
  });

  test.each([
    [
      'an input',
      draft.required('one', s.one, { input: ({ caller }) => ({ n: caller ? 1 : 2 }) }).shape(() => ({})),
    ],
    ['the shape', draft.required('one', s.one, ask).shape(({ caller }) => ({ who: caller?.subject }))],
  ])('is private as soon as %s reads the caller', async (_, aggregation) => {
    expect((await start(aggregation)).freshness).toMatchObject({ scope: 'private' });
  });

  test('is none where a part has none, or the answer is not whole', async () => {
    const uncached = draft
      .required('one', s.one, ask)
      .required('never', s.uncached, ask)
      .shape(() => ({}));
    expect(cacheControl((await start(uncached)).freshness)).toBe('no-store');
    const incomplete = await start(both, { two: { error: new Failure('s.down', 503) } });
    expect(cacheControl(incomplete.freshness)).toBe('no-store');
  });
});

describe('an answer', () => {
  const page = draft
    .required('one', s.one, ask)
    .optional('two', s.two, { needs: ['one'], ...ask })
    .shape(() => ({}));
  const failing = {
    one: { tookMs: 12.345, source: 'cached', ageMs: 500 },
    two: { tookMs: 5, error: new Failure('odd "code"\n', 503) },
  } as const;

  test('says in Server-Timing how long each part took and what became of it', async () => {
    expect((await start(page, failing)).serverTiming).toBe(
      'one;dur=12.3;desc="cached", two;dur=5;desc="missing: odd \\"code\\"?", total;dur=17.3',
    );
  });

  test('says in its meta what is missing, and nothing while it is whole', async () => {
    expect(metaOf(await start(page, failing))).toEqual({
      degraded: [{ part: 'two', reason: 'odd "code"\n' }],
    });
    expect(metaOf(await start(page))).toBeUndefined();
  });

  test('says in its meta which part is older than its contract allows, as its service cannot answer', async () => {
    const { ttlMs, staleWhileRevalidateMs = 0 } = s.one.freshness ?? { ttlMs: 0 };
    const aged = (ageMs: number) => start(page, { one: { tookMs: 1, source: 'stale', ageMs } });
    expect(metaOf(await aged(ttlMs + staleWhileRevalidateMs - 1))).toBeUndefined();
    const outdated = await aged(ttlMs + staleWhileRevalidateMs + 1_500);
    const ageSeconds = Math.floor((ttlMs + staleWhileRevalidateMs + 1_500) / 1_000);
    expect(metaOf(outdated)).toEqual({ outdated: [{ part: 'one', ageSeconds }] });
    expect(cacheControl(outdated.freshness)).toMatch(/max-age=0$/);
  });

  test('has a record in full, with calls and the critical path', async () => {
    const { parts, calls, startedAt, ...rest } = (await start(page, failing)).record;
    expect(rest).toEqual({ aggregation: 'test.answer', deadlineMs: 2_000 });
    expect(parts).toEqual([
      {
        part: 'one',
        kind: 'required',
        service: 's',
        operation: 'one',
        status: 'cached',
        ageMs: 500,
        startedMs: 0,
        tookMs: expect.closeTo(12.34, 1),
        needs: [],
        isCritical: true,
      },
      {
        part: 'two',
        kind: 'optional',
        service: 's',
        operation: 'two',
        status: 'missing',
        reason: 'odd "code"\n',
        error: expect.any(Error),
        startedMs: expect.closeTo(12.34, 1),
        tookMs: expect.closeTo(5, 1),
        needs: ['one'],
        isCritical: true,
      },
    ]);
    expect(
      calls.map(({ request: _, startedAt: begun, endedAt = Infinity, ...call }) => [call, endedAt - begun]),
    ).toEqual([
      [{ service: 's', operation: 'one', parts: ['one'], source: 'cached' }, expect.closeTo(12.34, 1)],
      [{ service: 's', operation: 'two', parts: ['two'] }, expect.closeTo(5, 1)],
    ]);
    expect(calls[0]?.startedAt).toBe(startedAt);
  });
});

describe('the plan', () => {
  test('is data', () => {
    expect(describeAggregation(home)).toMatchSnapshot();
  });

  test('can be drawn', () => {
    expect(mermaid(describeAggregation(home))).toMatchSnapshot();
  });
});

describe('a declaration', () => {
  const loose = (name: string, options: object) => () =>
    draft.required('one', s.one, ask).optional(name as 'two', s.two, { ...ask, ...options });

  test.each([
    [
      'an unknown need',
      loose('two', { needs: ['three'] }),
      'part "two": needs "three", which is not declared before it',
    ],
    ['itself as a need', loose('two', { needs: ['two'] }), 'needs "two", which is not declared before it'],
    ['a name that is taken', loose('one', {}), 'part "one": the name is taken'],
    ['a name that is no name', loose('two three', {}), 'a name is a letter followed by letters, digits or _'],
    ['a share above 1', loose('two', { share: 1.5 }), 'share must be above 0 and at most 1, got 1.5'],
    ['a share of nothing', loose('two', { share: 0 }), 'share must be above 0 and at most 1, got 0'],
    ['no time', loose('two', { timeoutMs: 0 }), 'timeoutMs must be above 0, got 0'],
    [
      'a deadline of nothing',
      () => aggregate('test.answer', { input: z.strictObject({}), deadlineMs: Number.NaN }),
      'test.answer: deadlineMs must be above 0, got NaN',
    ],
    [
      'a command',
      () => draft.required('price', catalog.setPrice as never, { input: () => ({}) as never }),
      'catalog.setPrice is a command; only queries can be parts',
    ],
    [
      'a budget for a service that it does not call',
      () =>
        draft
          .required('one', s.one, ask)
          .budget({ calls: { x: 1 } })
          .shape(() => ({})),
      'the budget names "x", which no part calls',
    ],
    ['a deferred need of a part that is not', deferredNeed, 'needs "late", which is deferred'],
  ])('with %s is refused, and names what is wrong', (_, declare, message) => {
    expect(declare).toThrow(message);
  });

  function deferredNeed() {
    return draft.deferred('late', s.one, ask).optional('two', s.two, { needs: ['late'] as never, ...ask });
  }
});

describe('a join', () => {
  test('finds items by a field, in the order that is asked for', () => {
    const byId = indexBy(
      [
        { id: 'a', n: 1 },
        { id: 'b', n: 2 },
      ],
      'id',
    );
    expect(byId.get('b')?.n).toBe(2);
    expect(lookup(byId, ['b', 'x', 'a']).map(({ n }) => n)).toEqual([2, 1]);
    expect(indexBy(undefined as { id: string }[] | undefined, 'id').size).toBe(0);
  });
});
