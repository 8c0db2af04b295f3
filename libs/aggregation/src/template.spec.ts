import { RawJson, toJson, type Answer, type Dispatch } from '@facet/contracts';
import { VirtualClock } from '@facet/contracts/testing';
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { z } from 'zod';
import { s } from '../test/upstream.js';
import { aggregate, run, type Aggregation } from './index.js';

const draft = aggregate('test.template', { input: z.strictObject({ q: z.string().optional() }) });
const ask = { input: () => ({ n: 1 }), opaque: true } as const;
const fallback = { a: 0, b: 0, list: [] };

type Given = Record<string, unknown>;
type Shape = (context: Given) => object;

/** Three opaque parts, one of them with a default, and one whose value can be read. */
function page(shape: Shape): Aggregation {
  return draft
    .required('one', s.one, ask)
    .optional('two', s.two, { ...ask, input: ({ input }) => (input.q === 'none' ? undefined : { n: 2 }) })
    .optional('mine', s.mine, {
      ...ask,
      input: ({ input }) => (input.q ? undefined : { n: 3 }),
      default: fallback,
    })
    .optional('read', s.uncached, { input: () => ({ n: 4 }) })
    .shape(shape as never);
}

const jsonOf: Readonly<Record<string, string>> = {
  one: '{ "id": 1.0, "text": "a\\u0000\\"b" }',
  two: '[1,{"deep":null}]',
  mine: '"text"',
  uncached: '{"a":1,"b":2,"list":[]}',
};

/** Services that write what they write, some of them missing. */
const dispatchWithout =
  (missing: readonly string[] = []): Dispatch =>
  ({ selection: { operation, opaque } }, handler) => {
    const json = jsonOf[operation.name] ?? '';
    const value: unknown = opaque ? new RawJson(json) : JSON.parse(json);
    const answer: Answer<unknown> = { value, source: 'fresh', ageMs: 0 };
    if (missing.includes(operation.name))
      handler.missed(Object.assign(new Error(), { code: 's.down', status: 503 }));
    else handler.arrived(answer);
    return () => undefined;
  };

interface Asked {
  readonly q?: string;
  readonly missing?: readonly string[];
}

function answerOf(aggregation: Aggregation, { q, missing = [] }: Asked = {}) {
  const { signal } = new AbortController();
  const input = q === undefined ? {} : { q };
  const clock = new VirtualClock();
  return run(aggregation, { input, dispatch: dispatchWithout(missing), signal, clock });
}

/** How often a shape is run for answers of the same parts, and the last answer. */
async function timesRun(shape: Shape, asked: Asked = {}) {
  let times = 0;
  const counted = page((context) => {
    times += 1;
    return shape(context);
  });
  await answerOf(counted, asked);
  times = 0;
  const outcome = await answerOf(counted, asked);
  return { times, json: outcome.toJson() };
}

describe('a shape that only places opaque parts', () => {
  test('is run once, and its answers are what it would give each time', async () => {
    const { times, json } = await timesRun(({ one, two }) => ({
      title: 'A "b"',
      one,
      list: [two, { one }],
      none: undefined,
    }));
    expect(times).toBe(0);
    expect(json).toBe(
      `{"title":"A \\"b\\"","one":${jsonOf['one']},"list":[${jsonOf['two']},{"one":${jsonOf['one']}}]}`,
    );
  });

  test('is run once for each set of parts that are there', async () => {
    const shape: Shape = ({ one, two, mine }) => ({ one, two: two ?? 'none', has: two !== undefined, mine });
    expect((await timesRun(shape, { q: 'none' })).json).toBe(
      `{"one":${jsonOf['one']},"two":"none","has":false,"mine":${JSON.stringify(fallback)}}`,
    );
    expect((await timesRun(shape, { q: 'none' })).times).toBe(0);
    expect((await timesRun(shape)).json).toContain(`"two":${jsonOf['two']},"has":true,"mine":"text"`);
  });

  test('has a value too, which the shape makes when it is read, and names what is missing', async () => {
    const outcome = await answerOf(
      page(({ one, two }) => ({ one, two })),
      { missing: ['two'] },
    );
    expect(outcome.value).toEqual({ one: new RawJson(jsonOf['one'] ?? ''), two: undefined });
    expect(outcome.toJson({ degraded: outcome.degraded })).toBe(
      `{"one":${jsonOf['one']},"meta":{"degraded":[{"part":"two","reason":"s.down"}]}}`,
    );
  });

  test('takes an answer that is a value already', async () => {
    const dispatch: Dispatch = (_, handler) => {
      handler.arrived({ value: { a: 1 }, source: 'cached', ageMs: 5 });
      return () => undefined;
    };
    const { signal } = new AbortController();
    const clock = new VirtualClock();
    const outcome = await run(
      page(({ one }) => ({ one })),
      { input: {}, dispatch, signal, clock },
    );
    expect(outcome.toJson()).toBe('{"one":{"a":1}}');
  });
});

describe('a shape is run every time', () => {
  let count = 0;
  const looking: readonly (readonly [string, Shape])[] = [
    ['the input', ({ input, one }) => ({ q: (input as { q?: string }).q, one })],
    ['the caller', ({ caller, one }) => ({ isKnown: caller !== undefined, one })],
    ['a value', ({ read, one }) => ({ a: (read as { a: number } | undefined)?.a, one })],
    ['whether a value is there', ({ read, one }) => ({ has: read !== undefined, one })],
    ['all of its context', ({ one, ...rest }) => ({ one, names: Object.keys(rest).length })],
    ['whether its context has something', (context) => ({ has: 'read' in context, one: context['one'] })],
    ['a field of an opaque part', ({ one }) => ({ id: (one as Given)['id'] ?? null, one })],
    ['the fields of an opaque part', ({ one }) => ({ ...(one as object), two: 1 })],
    ['the text of an opaque part', ({ one }) => ({ text: JSON.stringify(one), one })],
    ['an opaque part as text', ({ one }) => ({ text: typeof one === 'object' && 'id' in (one as object) })],
    ['the class of an opaque part', ({ one }) => ({ is: one instanceof RawJson, one })],
    ['the time', ({ one }) => ({ at: new Date().getTime() > 0, one })],
    ['the time, as a number', ({ one }) => ({ at: Date.now() > 0, one })],
    ['a random number', ({ one }) => ({ luck: Math.random() >= 0, one })],
    ['what differs from run to run', ({ one }) => ({ count: (count += 1), one })],
  ];

  test.each(looking)('that looks at %s', async (_, shape) => {
    expect((await timesRun(shape)).times).toBe(1);
  });

  test('and leaves Date and Math.random as they were', () => {
    const { Date: before } = globalThis;
    const { random } = Math;
    page(() => {
      throw new Error('no');
    });
    expect([globalThis.Date, Math.random]).toEqual([before, random]);
    expect(new Date(0).toISOString()).toBe('1970-01-01T00:00:00.000Z');
  });

  test('unless the date it makes is a fixed one', async () => {
    const { times, json } = await timesRun(({ one }) => ({ since: new Date(0), one }));
    expect([times, json]).toEqual([0, `{"since":"1970-01-01T00:00:00.000Z","one":${jsonOf['one']}}`]);
  });
});

/** A random shape: what it places where, and what it does where a part is absent. */
type Drawn =
  | { readonly kind: 'part'; readonly name: string }
  | { readonly kind: 'or'; readonly name: string; readonly other: unknown }
  | { readonly kind: 'if'; readonly name: string; readonly then: Drawn; readonly otherwise: Drawn }
  | { readonly kind: 'constant'; readonly value: unknown }
  | { readonly kind: 'list'; readonly items: readonly Drawn[] }
  | { readonly kind: 'object'; readonly fields: Readonly<Record<string, Drawn>> };

const name = fc.constantFrom('one', 'two', 'mine');
const { tree } = fc.letrec<{ tree: Drawn }>((tie) => ({
  tree: fc.oneof(
    { maxDepth: 4 },
    fc.record({ kind: fc.constant('part' as const), name }),
    fc.record({ kind: fc.constant('or' as const), name, other: fc.jsonValue() }),
    fc.record({
      kind: fc.constant('constant' as const),
      value: fc.oneof(fc.jsonValue(), fc.constant(undefined)),
    }),
    fc.record({ kind: fc.constant('if' as const), name, then: tie('tree'), otherwise: tie('tree') }),
    fc.record({ kind: fc.constant('list' as const), items: fc.array(tie('tree'), { maxLength: 3 }) }),
    fc.record({
      kind: fc.constant('object' as const),
      fields: fc.dictionary(fc.string(), tie('tree'), { maxKeys: 4 }),
    }),
  ),
}));

function grow(drawn: Drawn, context: Given): unknown {
  switch (drawn.kind) {
    case 'part':
      return context[drawn.name];
    case 'or':
      return context[drawn.name] ?? drawn.other;
    case 'if':
      return grow(context[drawn.name] ? drawn.then : drawn.otherwise, context);
    case 'constant':
      return drawn.value;
    case 'list':
      return drawn.items.map((item) => grow(item, context));
    case 'object':
      return Object.fromEntries(
        Object.entries(drawn.fields).map(([key, below]) => [key, grow(below, context)]),
      );
  }
}

test('whatever a shape places, its template answers what the shape itself would', async () => {
  const property = fc.asyncProperty(
    fc.dictionary(fc.string(), tree, { maxKeys: 4 }),
    fc.subarray(['two', 'mine']),
    fc.constantFrom(undefined, 'none', 'some'),
    async (fields, missing, q) => {
      let plain: unknown;
      let times = 0;
      const aggregation = page((context) => {
        times += 1;
        return grow({ kind: 'object', fields }, context) as object;
      });
      const looking = page((context) => {
        plain = grow({ kind: 'object', fields }, context);
        return { ...context };
      });
      const asked = { missing, ...(q === undefined ? {} : { q }) };
      await answerOf(looking, asked);
      await answerOf(aggregation, asked);
      times = 0;
      const json = (await answerOf(aggregation, asked)).toJson();
      expect(json).toBe(toJson(plain));
      expect(times).toBe(0);
    },
  );
  await fc.assert(property, { numRuns: 400 });
});
