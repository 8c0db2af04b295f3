import { describe, expect, test } from '@jest/globals';
import type { CallRecord, RequestRecord } from '@facet/gateway';
import { summaryOf } from '../src/live/summary.js';
import { fromQuery, isFiltering, matches, noFilter, toQuery } from '../src/page/filter.js';
import { bytes, count, listed, ms, percent, perSecond } from '../src/page/format.js';
import { diffOf, folded } from '../src/page/json-diff.js';
import { hashOf, placeOf, type Place } from '../src/page/place.js';
import { edgeOf, layoutOf, widthOf } from '../src/page/topology-layout.js';
import { rowsOf, segmentsOf, ticksOf } from '../src/page/waterfall-rows.js';
import { partWords, storyOf } from '../src/page/words.js';
import type { ServiceView } from '../src/view.js';
import { makeDay, makeLongRecord, makeRecord } from './support/records.js';

const shown = (record: RequestRecord) => summaryOf(record, { slowMs: 1_000, isBackground: false });

describe('what happened, in words', () => {
  test('an answer in full says what most of the time went to', () => {
    expect(storyOf(makeRecord({ seed: 5 }))).toMatch(
      /^Answered in full in [\d.]+ ms\. \d+% of the time went to \w+ → stock\.$/,
    );
  });

  test('a partial one names the part, the service and the reason', () => {
    expect(storyOf(makeRecord({ seed: 5, fates: { stock: 'gone' } }))).toMatch(
      /^Answered in [\d.]+ ms, without stock\. Inventory could not be reached\./,
    );
  });

  test('a failed one says which service failed it, and why', () => {
    expect(storyOf(makeRecord({ seed: 5, fates: { featured: 'gone' } }))).toMatch(
      /^Failed with 503 \(upstream\.unavailable\) after [\d.]+ ms\. catalog could not be reached: no instance of it is there\.$/,
    );
  });

  test('a client that left, and one that was refused', () => {
    expect(storyOf(makeRecord({ over: { status: 499, durationMs: 12 } }))).toBe(
      'The client left after 12 ms.',
    );
    const refused = makeRecord({
      shape: 3,
      over: { status: 401, durationMs: 2, problem: { code: 'auth.required' } },
    });
    expect(storyOf(refused)).toBe('Refused with 401 (auth.required) after 2 ms.');
  });

  test.each([
    ['cached', /From the cache, .* old: no service was asked\./],
    ['stale', /older than its contract likes/],
    ['joined', /Waited for the same call of another request/],
    ['retried', /Asked again, as the connection broke\./],
    ['hedged', /A second instance was asked after [\d.]+ ms, as the first was late\./],
    ['late', /inventory did not answer in time: the answer goes without it\./],
    ['skipped', /There was nothing to ask\./],
    ['fresh', /inventory worked [\d.]+ ms, [\d.]+ ms of that in 1 SQL statement/],
  ] as const)('a part that was %s', (fate, words) => {
    const record = makeRecord({ seed: 3, fates: { stock: fate } });
    const stock = record.parts.find(({ name }) => name === 'stock');
    expect(stock && partWords(stock, record)).toMatch(words);
  });

  test('a part that was cached in part says so', () => {
    const record = makeRecord({ seed: 3, fates: { stock: 'fresh' } });
    const stock = record.parts.find(({ name }) => name === 'stock');
    const mixed = stock && { ...stock, state: 'cached' as const, ageMs: 40_000 };
    expect(mixed && partWords(mixed, record)).toMatch(
      /^In part from the cache, up to 40\.0 s old; the rest was asked for\. inventory worked/,
    );
  });
});

describe('a waterfall', () => {
  test('has a row for the gateway and each part, and rows for attempts where there is something to tell', () => {
    const plain = rowsOf(makeRecord({ seed: 5 }));
    expect(plain.map(({ kind }) => kind)).toEqual(['gateway', 'part', 'part', 'part', 'part', 'part']);
    const hedged = rowsOf(makeRecord({ seed: 5, fates: { featured: 'hedged' } }));
    const attempts = hedged.filter(({ kind }) => kind === 'attempt');
    expect(attempts.map(({ state, note }) => [state, note])).toEqual([
      ['cancelled', 'cancelled, as it was no longer needed'],
      ['ok', 'hedge'],
    ]);
  });

  test('shows a call that several parts share once', () => {
    const record = makeRecord({ seed: 5, fates: { forYou: 'retried', categories: 'skipped' } });
    const index = record.parts.find(({ name }) => name === 'forYou')?.calls[0] ?? 0;
    const parts = record.parts.map((part) => (part.name === 'featured' ? { ...part, calls: [index] } : part));
    const rows = rowsOf({ ...record, parts });
    expect(rows.filter(({ kind }) => kind === 'attempt')).toHaveLength(2);
    expect(new Set(rows.map(({ key }) => key)).size).toBe(rows.length);
  });

  test('shows the calls of a request without parts', () => {
    const [, call] = rowsOf(makeRecord({ shape: 3 }));
    expect(call).toMatchObject({ kind: 'call', name: 'catalog.reviews', state: 'ok' });
  });

  test('never draws a stretch that is outside its attempt or ends before it begins', () => {
    for (const record of [...makeDay(300), makeLongRecord()]) {
      for (const { segments, startMs, endMs, kind } of rowsOf(record)) {
        for (const segment of segments) {
          expect(segment.endMs).toBeGreaterThanOrEqual(segment.startMs);
          if (kind === 'attempt')
            expect([segment.startMs >= startMs, segment.endMs <= endMs + 0.01]).toEqual([true, true]);
        }
      }
    }
  });

  test('keeps what a service says of itself within the time that the gateway has seen', () => {
    const server = {
      queueMs: 50,
      handlerMs: 70,
      sql: [{ statement: 'select 1', startMs: 500, ms: 90, rows: 1 }],
    };
    const attempt = { instance: 'a:1', why: 'first' as const, startMs: 10, waitMs: 0, code: 'ok', server };
    for (const { startMs, endMs } of segmentsOf(attempt, 30)) {
      expect(startMs).toBeGreaterThanOrEqual(10);
      expect(endMs).toBeLessThanOrEqual(30);
    }
  });

  test('has few and round times on its axis', () => {
    expect(ticksOf(552)).toEqual([0, 100, 200, 300, 400, 500]);
    expect(ticksOf(0.66)).toHaveLength(4);
    expect(ticksOf(0)).toEqual([0]);
    for (let exponent = -3; exponent < 6; exponent += 0.37)
      expect(ticksOf(10 ** exponent).length).toBeLessThanOrEqual(7);
  });
});

describe('a filter', () => {
  const odd = shown(makeRecord({ seed: 4, fates: { stock: 'late' } }));
  const file = { ...shown(makeRecord({ seed: 5 })), isBackground: true as const };

  test('lets everything but probes and files through while nothing is set', () => {
    expect([matches(odd, noFilter), matches(file, noFilter)]).toEqual([true, false]);
    expect(matches(file, { ...noFilter, background: true })).toBe(true);
  });

  test.each([
    ['text', 'STOCK', 'nothing'],
    ['route', 'GET /v1/home', 'GET /v1/orders'],
    ['ending', 'degraded', 'error'],
    ['part', 'stock', 'reviews'],
    ['reason', 'aggregation.timeout', 'upstream.timeout'],
    ['minMs', 500, 600],
  ])('by %s', (name, fits, fails) => {
    expect(matches(odd, { ...noFilter, [name]: fits })).toBe(true);
    expect(matches(odd, { ...noFilter, [name]: fails })).toBe(false);
  });

  test('stands in the address and comes back out of it', () => {
    const filter = {
      ...noFilter,
      text: 'a&b=c #d',
      route: 'GET /v1/:id',
      ending: 'error' as const,
      minMs: 250,
      background: true,
    };
    expect(fromQuery(toQuery(filter))).toEqual(filter);
    expect([isFiltering(filter), isFiltering({ ...noFilter, background: true })]).toEqual([true, false]);
  });

  test('takes nothing from an address that it cannot use', () => {
    expect(fromQuery('ending=nonsense&minMs=-5&background=perhaps&unknown=1')).toEqual(noFilter);
    expect(fromQuery('minMs=Infinity')).toEqual(noFilter);
  });
});

describe('an address', () => {
  const places: readonly Place[] = [
    { kind: 'live', filter: noFilter },
    { kind: 'request', id: '3f2a/..%2f?x#y' },
    { kind: 'compare', one: 'a b', other: 'c/d' },
    { kind: 'what-if', route: 'GET /v1/products/:id' },
  ];

  test.each(places)('leads back to its place: $kind', (place) => {
    expect(placeOf(hashOf(place))).toEqual(place);
  });

  test.each(['', '#', '#/request', '#/request/', '#/compare/a', '#/%E0%A4%A', '#/__proto__/x'])(
    '%j is the live page',
    (hash) => {
      expect(placeOf(hash)).toEqual({ kind: 'live', filter: noFilter });
    },
  );
});

describe('the topology', () => {
  const service = (instances: number): ServiceView => ({
    ...{ name: 'a', health: 'up', breaker: 'closed', rate: 1, errors: 0, queued: 0 },
    instances: Array.from({ length: instances }, (_, index) => ({
      ...{
        address: `127.0.0.1:${index}`,
        state: 'ready' as const,
        pending: 0,
        connections: 1,
        failures: 0,
        rate: 0,
        errors: 0,
      },
    })),
  });

  test.each([[1], [3], [6], [40]])(
    'with %i instances nothing overlaps, and what there is no room for is counted',
    (instances) => {
      const layout = layoutOf([service(instances), service(0), service(2)], 1_200);
      const boxes = layout.services.flatMap((each) => each.instances.map(({ box }) => box));
      const sorted = boxes.toSorted((one, other) => one.y - other.y);
      sorted.slice(1).forEach((box, index) => {
        const above = sorted[index];
        expect(box.y).toBeGreaterThanOrEqual((above?.y ?? 0) + (above?.height ?? 0));
      });
      for (const { y, height, x, width } of boxes) {
        expect(y + height).toBeLessThanOrEqual(layout.height + 0.01);
        expect(x + width).toBeLessThanOrEqual(1_200.01);
      }
      expect((layout.services[0]?.instances.length ?? 0) + (layout.services[0]?.more ?? 0)).toBe(instances);
    },
  );

  test('draws wider lines for more traffic, up to a bound', () => {
    const widths = [0, 1, 10, 100, 1_000, 1e9].map(widthOf);
    expect(widths).toEqual(widths.toSorted((one, other) => one - other));
    expect(widths.at(-1)).toBe(7);
    expect(edgeOf({ x: 0, y: 0, width: 10, height: 10 }, { x: 30, y: 20, width: 10, height: 10 })).toBe(
      'M10 5C20 5 20 25 30 25',
    );
  });
});

test('numbers are short and say their unit', () => {
  expect([0, 0.042, 0.5, 4.25, 43, 143.4, 1_240, 61_000].map(ms)).toEqual([
    ...['0 ms', '0.04 ms', '0.5 ms', '4.25 ms', '43 ms', '143 ms', '1.24 s', '61.0 s'],
  ]);
  expect([0, 0.4, 12.4, 1_240].map(perSecond)).toEqual(['0', '0.4', '12', '1,240']);
  expect([0, 0.004, 0.25, 1].map(percent)).toEqual(['0%', '0.4%', '25%', '100%']);
  expect([312, 4_100, 2_500_000].map(bytes)).toEqual(['312 B', '4.1 kB', '2.5 MB']);
  expect([count(1, 'call'), count(1_000, 'call')]).toEqual(['1 call', '1,000 calls']);
  expect([[], ['a'], ['a', 'b'], ['a', 'b', 'c']].map(listed)).toEqual(['', 'a', 'a and b', 'a, b and c']);
});

describe('the difference of two answers', () => {
  const whole = { hero: { id: 1, stock: 'low' }, items: [1, 2, 3] };

  test('has the lines that only one has, and no comma makes a line differ', () => {
    const lines = diffOf(whole, { hero: { id: 1 }, items: [1, 2, 3] });
    expect(lines.filter(({ kind }) => kind !== 'same')).toEqual([
      { kind: 'gone', text: '    "stock": "low"' },
    ]);
  });

  test('folds what is the same', () => {
    const many = { items: Array.from({ length: 100 }, (_, index) => index) };
    const lines = folded(diffOf(many, { ...many, meta: 1 }));
    expect(lines.length).toBeLessThan(10);
    expect(lines[0]).toEqual({
      kind: 'folded',
      text: expect.stringMatching(/^… \d+ lines as in the whole answer$/),
    });
    expect(folded(diffOf(whole, whole))).toHaveLength(1);
  });
});

test('an answer that was kept whole says so, and shows as cached', () => {
  const over = {
    parts: [],
    calls: [],
    durationMs: 0.4,
    responseHeaders: { 'server-timing': 'featured;dur=0;desc="cached"' },
  };
  const record = makeRecord({ over });
  expect(storyOf(record)).toBe(
    'Answered in full in 0.4 ms. The whole answer was kept from an earlier request: no service was asked.',
  );
  expect(shown(record).parts).toEqual([{ name: 'answer', state: 'cached', startMs: 0, endMs: 0.4 }]);
});

test('a request that is passed on shows its call where others show their parts', () => {
  const record = makeRecord({ shape: 3 });
  expect(shown(record).parts).toMatchObject([{ name: 'reviews', state: 'fresh' }]);
  const lost: CallRecord[] = record.calls.map((call) => ({ ...call, code: 'upstream.timeout' }));
  expect(shown({ ...record, calls: lost }).parts).toMatchObject([{ state: 'missing' }]);
});
