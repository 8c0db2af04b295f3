import { describe, expect, test } from '@jest/globals';
import { Cancellation, query, RawJson, service, type Dispatch } from '@facet/contracts';
import { z } from 'zod';
import { Failure, itemsOf, s, Upstream, value, type Behaviour } from '../test/upstream.js';
import { aggregate, compile, describeAggregation, run, type Aggregation } from './index.js';

const draft = aggregate('test.lanes', { input: z.strictObject({}), deadlineMs: 1_000 });
const ask = (n: number) => ({ input: () => ({ n }) });
const ids = (...wanted: string[]) => ({ input: () => ({ ids: wanted }) });

function upstream(behaviours: Readonly<Record<string, Behaviour>> = {}) {
  return new Upstream(({ name, byIds }, input) => ({
    value: byIds === undefined ? value : itemsOf(input),
    ...behaviours[name],
  }));
}

function start<F extends object>(
  aggregation: Aggregation<z.ZodType, F>,
  at: Upstream,
  dispatch = at.dispatch,
) {
  const signal = new Cancellation();
  return at.clock.settle(run(aggregation, { input: {}, dispatch, signal, clock: at.clock }));
}

describe('the plan of an aggregation', () => {
  const page = draft
    .required('alone', s.one, ask(1))
    .required('x', s.two, ask(1))
    .required('y', s.two, { needs: ['alone'], ...ask(2) })
    .required('items', s.byIds, ids('a'))
    .shape(() => ({}));

  test('is made once', () => {
    expect(compile(page)).toBe(compile(page));
  });

  test('gives each part its lane', () => {
    expect(compile(page).parts.map(({ lane, isShared }) => [lane, isShared])).toEqual([
      ['direct', false],
      ['joined', true],
      ['joined', true],
      ['batched', false],
    ]);
  });

  test('knows what needs what by index', () => {
    const { parts, roots } = compile(page);
    expect(roots).toEqual([0, 1, 3]);
    expect(parts.map(({ needs, dependents }) => [needs, dependents])).toEqual([
      [[], [2]],
      [[], []],
      [[0], []],
      [[], []],
    ]);
  });

  test('refuses a field, a list or a count that the operation does not have, and names the part', () => {
    const part = (options: object) => () =>
      draft.required('one', s.one, { ...ask(1), ...options }).shape(() => ({}));
    expect(part({ fields: ['a', 'z'] })).toThrow(
      'test.lanes, part "one": s.one: fields: its output has no "z"',
    );
    expect(part({ list: 'a', first: 2 })).toThrow(
      'part "one": s.one: first.list: "a" is no list of its output',
    );
    expect(part({ list: 'list', first: 0 })).toThrow('part "one": s.one: first.count: got 0');
    expect(part({ list: 'list' })).toThrow('part "one": "list" and "first" go together');
    const byIds = () => draft.required('items', s.byIds, { ...ids('a'), list: 'items', first: 2 });
    expect(byIds).toThrow('is a query by ids, whose answer is taken apart; leave out "list" and "first"');
  });
});

describe('a part that alone asks its operation', () => {
  test('is asked at once, by ids too, and those that share one at the end of the turn', async () => {
    const at = upstream();
    const running = start(
      draft
        .required('alone', s.one, ask(1))
        .required('x', s.two, ask(1))
        .required('y', s.two, ask(2))
        .required('items', s.byIds, ids('b', 'a'))
        .shape(({ items }) => ({ items: items.items.map(({ id }) => id) })),
      at,
    );
    expect(at.received.map(({ pattern }) => pattern)).toEqual(['s.one', 's.byIds']);
    expect((await running).value).toEqual({ items: ['b', 'a'] });
    expect(at.received.map(({ pattern }) => pattern)).toEqual(['s.one', 's.byIds', 's.two', 's.two']);
  });

  test('may have its answer before the dispatch returns, and so may all that need it', async () => {
    const at = upstream();
    let cancelled = 0;
    const kept: Dispatch = ({ selection: { operation }, input }, handler) => {
      const answer = operation.byIds === undefined ? value : itemsOf(input);
      handler.arrived({ value: answer, source: 'cached', ageMs: 10 });
      return () => (cancelled += 1);
    };
    const outcome = await start(
      draft
        .required('one', s.one, ask(1))
        .required('items', s.byIds, { needs: ['one'], ...ids('a', 'b', 'c', 'd') })
        .required('again', s.one, { needs: ['items'], ...ask(2) })
        .deferred('last', s.two, { needs: ['again'], ...ask(3) })
        .shape(({ items }) => ({ items: items.items.length })),
      at,
      kept,
    );
    expect(outcome.value).toEqual({ items: 4, last: value });
    expect(outcome.parts.map(({ status }) => status)).toEqual(['cached', 'cached', 'cached', 'cached']);
    expect([cancelled, at.clock.pending]).toEqual([0, 0]);
  });

  test('is missing where the dispatch itself fails', async () => {
    const at = upstream();
    const broken: Dispatch = () => {
      throw new Failure('s.down', 503);
    };
    const { degraded } = await start(
      draft
        .optional('one', s.one, ask(1))
        .optional('items', s.byIds, ids('a'))
        .shape(() => ({})),
      at,
      broken,
    );
    expect(degraded).toEqual([
      { part: 'one', reason: 's.down' },
      { part: 'items', reason: 's.down' },
    ]);
  });

  test('is told nothing more once its time is up', async () => {
    const at = upstream();
    const deaf: Dispatch = (request, handler) => {
      at.clock.after(request.deadline - at.clock.now() + 10, () =>
        handler.arrived({ value, source: 'fresh', ageMs: 0 }),
      );
      return () => undefined;
    };
    const outcome = await start(
      draft
        .optional('late', s.one, { ...ask(1), timeoutMs: 100 })
        .optional('later', s.two, { ...ask(1), timeoutMs: 200 })
        .shape(({ late }) => ({ late })),
      at,
      deaf,
    );
    expect(outcome.value).toEqual({ late: undefined });
    expect(outcome.parts.map(({ status, tookMs }) => [status, tookMs])).toEqual([
      ['missing', 100],
      ['missing', 200],
    ]);
    expect(outcome.record.calls.map(({ endedAt }) => endedAt)).toEqual([undefined, undefined]);
  });
});

describe('the first items of a list', () => {
  const long = { a: 1, b: 2, list: [1, 2, 3].map((n) => ({ x: n, y: n })) };
  const first = { list: 'list', first: 2 } as const;

  test('are asked of the service, and cut here where it gives more', async () => {
    const at = upstream({ one: { value: long }, two: { value: { ...long, list: long.list.slice(0, 2) } } });
    const outcome = await start(
      draft
        .required('one', s.one, { ...ask(1), ...first })
        .required('two', s.two, { ...ask(1), ...first, fields: ['list.x'] })
        .shape(({ one, two }) => ({ one: one.list, two: two.list })),
      at,
    );
    expect(at.received.map(({ options }) => options.first)).toEqual([
      { list: 'list', count: 2 },
      { list: 'list', count: 2 },
    ]);
    expect(outcome.value).toEqual({
      one: [
        { x: 1, y: 1 },
        { x: 2, y: 2 },
      ],
      two: [{ x: 1 }, { x: 2 }],
    });
    expect(long.list).toHaveLength(3);
  });

  test('of an opaque part are cut from the JSON, where the answer does not say that they are', async () => {
    const json = JSON.stringify(long);
    for (const isCut of [true, false]) {
      const at = upstream();
      const dispatch: Dispatch = ({ selection }, handler) => {
        const said = isCut && selection.first !== undefined ? { first: selection.first } : {};
        handler.arrived({ value: new RawJson(json), source: 'fresh', ageMs: 0, ...said });
        return () => undefined;
      };
      const page = draft
        .required('one', s.one, { ...ask(1), ...first, opaque: true })
        .shape(({ one }) => ({ one }));
      const shown = { ...long, list: long.list.slice(0, 2) };
      const answer = (await start(page, at, dispatch)).toJson();
      expect(answer).toBe(JSON.stringify({ one: isCut ? long : shown }));
    }
  });

  test('of one part and more of another are one call with the most of them, and each gets its own', async () => {
    const at = upstream({ one: { value: long } });
    const outcome = await start(
      draft
        .required('few', s.one, { ...ask(1), list: 'list', first: 1, fields: ['list.x'] })
        .required('more', s.one, { ...ask(1), ...first, fields: ['list.y'] })
        .shape(({ few, more }) => ({ few: few.list, more: more.list })),
      at,
    );
    expect(at.received.map(({ options }) => [options.first, options.fields])).toEqual([
      [{ list: 'list', count: 2 }, ['list.x', 'list.y']],
    ]);
    expect(outcome.value).toEqual({ few: [{ x: 1 }], more: [{ y: 1 }, { y: 2 }] });
  });

  test('are not asked for where another part reads the whole list', async () => {
    const at = upstream({ one: { value: long } });
    const outcome = await start(
      draft
        .required('few', s.one, { ...ask(1), ...first })
        .required('all', s.one, ask(1))
        .shape(({ few, all }) => ({ few: few.list.length, all: all.list.length })),
      at,
    );
    expect(at.received.map(({ options }) => options.first)).toEqual([undefined]);
    expect(outcome.value).toEqual({ few: 2, all: 3 });
  });

  test('do not serve a part that reads more of them, which asks again', async () => {
    const at = upstream({ one: { value: long, tookMs: 100 }, two: { tookMs: 10 } });
    await start(
      draft
        .required('few', s.one, { ...ask(1), ...first })
        .required('quick', s.two, ask(1))
        .required('again', s.one, { needs: ['quick'], ...ask(1), list: 'list', first: 1 })
        .required('all', s.one, { needs: ['quick'], ...ask(1) })
        .shape(() => ({})),
      at,
    );
    expect(at.of('s.one').map(({ options }) => options.first)).toEqual([
      { list: 'list', count: 2 },
      undefined,
    ]);
  });
});

describe('a part that is one field of an output, placed unread', () => {
  const placed = { ...ask(1), opaque: 'list' } as const;
  const rows = [{ x: 1 }, { x: 2 }];
  const isExact = { fields: true, first: true };

  /** Answers with JSON, and says of it what it is told to say. */
  const answering =
    (value: unknown, says: { readonly fields?: boolean; readonly first?: boolean }): Dispatch =>
    ({ selection: { fields, first } }, handler) => {
      const said = { ...(says.fields && fields && { fields }), ...(says.first && first && { first }) };
      handler.arrived({ value, source: 'fresh', ageMs: 0, ...said });
      return () => undefined;
    };

  test('is asked for alone', async () => {
    const at = upstream({ one: { value: { list: rows } } });
    const outcome = await start(
      draft.required('one', s.one, placed).shape(({ one }) => ({ one })),
      at,
    );
    expect(at.received.map(({ options }) => [options.fields, options.raw])).toEqual([[['list'], true]]);
    expect(outcome.toJson()).toBe(JSON.stringify({ one: rows }));
    expect(outcome.value).toEqual({ one: rows });
  });

  test.each([
    [
      'as the service wrote it, where that is all there is',
      new RawJson('{"list":[{"x":1.0}]}'),
      isExact,
      '[{"x":1.0}]',
    ],
    ['without what is not read', new RawJson('{"a":1,"list":[{"x":1,"y":2}],"b":3}'), {}, '[{"x":1}]'],
    [
      'without the items that are not read',
      new RawJson('{"list":[{"x":1},{"x":2},{"x":3}]}'),
      { fields: true },
      JSON.stringify(rows),
    ],
    ['where it is written otherwise', new RawJson('{ "list": [] }'), isExact, '[]'],
    ['of an answer that is a value', { a: 1, list: [{ x: 1, y: 2 }] }, {}, '[{"x":1}]'],
  ])('is placed %s', async (_, value, says, expected) => {
    const reading = { ...placed, fields: ['list.x'], list: 'list', first: 2 } as const;
    const page = draft.required('one', s.one, reading).shape(({ one }) => ({ one }));
    const outcome = await start(page, upstream(), answering(value, says));
    expect(outcome.toJson()).toBe(`{"one":${expected}}`);
  });

  test('has its default where it is missing, and is described', async () => {
    const page = draft.optional('one', s.one, { ...placed, default: [] }).shape(({ one }) => ({ one }));
    const at = upstream({ one: { error: new Failure('s.down', 503) } });
    expect((await start(page, at)).toJson()).toBe('{"one":[]}');
    expect(describeAggregation(page).parts.map(({ opaque, fields }) => [opaque, fields])).toEqual([
      ['list', ['list']],
    ]);
  });

  test('is a field that every answer has, and all that is read', () => {
    const other = query({
      summary: 's',
      input: z.strictObject({ n: z.number() }),
      output: z.strictObject({ may: z.string().optional(), is: z.string() }),
    });
    const { odd } = service('odd', { odd: other });
    const opaque = (field: string) => field as 'is';
    for (const field of ['may', 'not']) {
      expect(() => draft.required('one', odd, { ...ask(1), opaque: opaque(field) })).toThrow(
        `test.lanes, part "one": opaque: "${field}" is no field that every answer of odd.odd has`,
      );
    }
    expect(() => draft.required('one', s.one, { ...placed, fields: ['list', 'a'] })).toThrow(
      'test.lanes, part "one": opaque: "a" is read and is not in "list"',
    );
  });
});
