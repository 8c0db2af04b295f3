import { describe, expect, test } from '@jest/globals';
import { RawJson, type Dispatch } from '@facet/contracts';
import { z } from 'zod';
import { Failure, itemsOf, s, Upstream, value, type Behaviour } from '../test/upstream.js';
import { aggregate, run, type Aggregation } from './index.js';

const draft = aggregate('test.loader', { input: z.strictObject({}), deadlineMs: 1_000 });
const ids = (...wanted: string[]) => ({ input: () => ({ ids: wanted }) });

function upstream(behave: (input: unknown) => Behaviour = () => ({})) {
  return new Upstream(({ byIds }, input) => ({
    value: byIds === undefined ? value : itemsOf(input),
    ...behave(input),
  }));
}

function start<F extends object>(aggregation: Aggregation<z.ZodType, F>, at: Upstream) {
  const { signal } = new AbortController();
  return at.clock.settle(run(aggregation, { input: {}, dispatch: at.dispatch, signal, clock: at.clock }));
}

describe('calls by ids', () => {
  test('of several parts go out as one, and each part gets its own items in its own order', async () => {
    const at = upstream();
    const {
      value: answer,
      record: { calls },
    } = await start(
      draft
        .required('some', s.byIds, { ...ids('b', 'a', 'b'), fields: ['items.name'] })
        .required('others', s.byIds, { ...ids('c', 'a', 'unknown'), fields: ['items.id', 'items.size'] })
        .shape(({ some, others }) => ({ some: some.items, others: others.items })),
      at,
    );
    expect(at.received.map(({ input, options }) => [input, options.fields])).toEqual([
      [{ ids: ['b', 'a', 'c'] }, ['items.name', 'items.id', 'items.size']],
      [{ ids: ['unknown'] }, ['items.name', 'items.id', 'items.size']],
    ]);
    expect(answer).toEqual({
      some: [{ name: 'name of b' }, { name: 'name of a' }],
      others: [
        { id: 'c', size: 1 },
        { id: 'a', size: 1 },
      ],
    });
    expect(calls.map(({ parts, ids: count }) => [parts, count])).toEqual([
      [['some', 'others'], 3],
      [['others'], 1],
    ]);
  });

  test('go out as one for parts whose needs settle at the same time, however deep they are', async () => {
    const at = upstream();
    await start(
      draft
        .required('one', s.one, { input: () => ({ n: 1 }) })
        .required('two', s.one, { input: () => ({ n: 2 }) })
        .optional('x', s.byIds, { needs: ['one'], ...ids('a') })
        .optional('y', s.byIds, { needs: ['two'], ...ids('b') })
        .shape(() => ({})),
      at,
    );
    expect(at.of('s.byIds')).toHaveLength(1);
  });

  test('with another input beside the ids stay apart', async () => {
    const at = upstream();
    await start(
      draft
        .required('de', s.byIds, { input: () => ({ ids: ['a'], lang: 'de' }) })
        .required('en', s.byIds, { input: () => ({ ids: ['a'], lang: 'en' }) })
        .shape(() => ({})),
      at,
    );
    expect(at.received.map(({ input }) => input)).toEqual([
      { ids: ['a'], lang: 'de' },
      { ids: ['a'], lang: 'en' },
    ]);
  });

  test('are cancelled once a chunk has failed that all parts wait for', async () => {
    const at = upstream((input) =>
      (input as { ids: string[] }).ids.includes('bad')
        ? { error: new Failure('s.down', 503), tookMs: 10 }
        : { tookMs: 500 },
    );
    const { parts } = await start(
      draft
        .optional('all', s.byIds, ids('bad', 'b', 'c', 'd', 'e', 'f', 'g'))
        .optional('some', s.byIds, ids('g'))
        .shape(() => ({})),
      at,
    );
    expect(parts.map(({ status }) => status)).toEqual(['missing', 'fresh']);
    expect(at.received.map(({ endedAt }) => endedAt)).toEqual([10, 10, 500]);
  });

  test('fail only the parts whose ids were in the chunk that failed', async () => {
    const at = upstream((input) =>
      (input as { ids: string[] }).ids.includes('bad') ? { error: new Failure('s.down', 503) } : {},
    );
    const { degraded } = await start(
      draft
        .optional('good', s.byIds, ids('a', 'b', 'c'))
        .optional('broken', s.byIds, ids('c', 'bad'))
        .shape(() => ({})),
      at,
    );
    expect(degraded).toEqual([{ part: 'broken', reason: 's.down' }]);
  });

  test('without the list of items fail the part, and nothing else', async () => {
    const at = upstream(() => ({ value: {} }));
    const { degraded } = await start(
      draft.optional('broken', s.byIds, ids('a')).shape(() => ({})),
      at,
    );
    expect(degraded).toEqual([{ part: 'broken', reason: 'aggregation.defect' }]);
  });

  test('are as old as the oldest chunk', async () => {
    const at = upstream((input) =>
      (input as { ids: string[] }).ids.includes('d') ? { source: 'stale', ageMs: 1_500 } : {},
    );
    const { parts } = await start(
      draft.required('all', s.byIds, ids('a', 'b', 'c', 'd')).shape(() => ({})),
      at,
    );
    expect(parts).toMatchObject([{ status: 'stale', ageMs: 1_500 }]);
  });
});

describe('a part that is opaque', () => {
  const raw = new RawJson('{ "a": 1.0 }');
  const one = (options: { readonly fields?: readonly ['a']; readonly opaque?: true } = {}) => ({
    input: () => ({ n: 1 }),
    ...options,
  });

  test('is asked for unparsed, and placed as it came', async () => {
    const at = upstream(() => ({ value: raw }));
    const { value: answer } = await start(
      draft.required('x', s.one, one({ opaque: true, fields: ['a'] })).shape(({ x }) => ({ x })),
      at,
    );
    expect(at.received[0]?.options).toMatchObject({ raw: true, fields: ['a'] });
    expect(answer).toEqual({ x: raw });
  });

  test('is parsed where another part looks into the same answer, or reads other fields of it', async () => {
    for (const other of [{}, { opaque: true, fields: ['a'] }] as const) {
      const at = upstream();
      await start(
        draft
          .required('x', s.one, one({ opaque: true }))
          .required('y', s.one, one(other))
          .shape(() => ({})),
        at,
      );
      expect(at.received.map(({ options }) => options.raw)).toEqual([undefined]);
    }
  });

  test('shares its call with another that is passed on, also while it is under way', async () => {
    const at = upstream((input) =>
      (input as { n: number }).n === 1 ? { value: raw, tookMs: 100 } : { tookMs: 10 },
    );
    const { value: answer } = await start(
      draft
        .required('x', s.one, one({ opaque: true }))
        .required('y', s.one, one({ opaque: true }))
        .required('quick', s.one, { input: () => ({ n: 2 }) })
        .required('later', s.one, { needs: ['quick'], ...one({ opaque: true }) })
        .required('reads', s.one, { needs: ['quick'], input: () => ({ n: 1 }), fields: ['b'] })
        .shape(({ x, y, later }) => ({ x, y, later })),
      at,
    );
    expect(answer).toEqual({ x: raw, y: raw, later: raw });
    expect(at.received.map(({ options }) => options.raw)).toEqual([true, undefined, undefined]);
  });

  test('may get the value itself, where the dispatch has it parsed already', async () => {
    const { value: answer } = await start(
      draft.required('x', s.one, one({ opaque: true, fields: ['a'] })).shape(({ x }) => ({ x })),
      upstream(),
    );
    expect(answer).toEqual({ x: { a: 1 } });
  });

  test('cannot be a query by ids', () => {
    expect(() => draft.required('x', s.byIds, { ...ids('a'), opaque: true })).toThrow(
      'test.loader, part "x": s.byIds is a query by ids, whose answer is taken apart; leave out "opaque"',
    );
  });
});

describe('the same call', () => {
  test('of two parts is sent once, with the fields of both, and each gets its own', async () => {
    const at = upstream();
    const { value: answer } = await start(
      draft
        .required('x', s.one, { input: () => ({ n: 1 }), fields: ['a'] })
        .required('y', s.one, { input: () => ({ n: 1 }), fields: ['list.y'] })
        .required('z', s.one, { input: () => ({ n: 2 }), fields: ['b'] })
        .shape(({ x, y, z: other }) => ({ x, y, other })),
      at,
    );
    expect(at.received.map(({ input, options }) => [input, options.fields])).toEqual([
      [{ n: 1 }, ['a', 'list.y']],
      [{ n: 2 }, ['b']],
    ]);
    expect(answer).toEqual({ x: { a: 1 }, y: { list: [{ y: 4 }] }, other: { b: 2 } });
  });

  test('made again while it is in flight joins the first, if its answer has all that is read', async () => {
    const at = upstream((input) => ({ tookMs: (input as { n: number }).n === 1 ? 100 : 10 }));
    const {
      record: { calls },
    } = await start(
      draft
        .required('whole', s.one, { input: () => ({ n: 1 }) })
        .required('quick', s.one, { input: () => ({ n: 2 }) })
        .required('again', s.one, { needs: ['quick'], input: () => ({ n: 1 }), fields: ['a'] })
        .shape(() => ({})),
      at,
    );
    expect(at.received).toHaveLength(2);
    expect(calls[0]?.parts).toEqual(['whole', 'again']);
  });

  test('is sent again for a part that reads more than the call in flight', async () => {
    const at = upstream((input) => ({ tookMs: (input as { n: number }).n === 1 ? 100 : 10 }));
    await start(
      draft
        .required('some', s.one, { input: () => ({ n: 1 }), fields: ['a'] })
        .required('quick', s.one, { input: () => ({ n: 2 }) })
        .required('more', s.one, { needs: ['quick'], input: () => ({ n: 1 }), fields: ['b'] })
        .shape(() => ({})),
      at,
    );
    expect(at.received).toHaveLength(3);
  });

  test('is sent again for a part that has much more time than the call in flight', async () => {
    const at = upstream((input) => ({ tookMs: (input as { n: number }).n === 1 ? 300 : 10 }));
    // As where a call ends at its own deadline, however long others wait.
    const dispatch: Dispatch = (request, handler) => {
      const stop = at.clock.after(request.deadline - at.clock.now(), () => {
        cancel();
        handler.missed(new Failure('upstream.timeout', 504));
      });
      const cancel = at.dispatch(request, {
        arrived: (answer) => {
          stop();
          handler.arrived(answer);
        },
        missed: (error) => handler.missed(error),
      });
      return (reason) => {
        stop();
        cancel(reason);
      };
    };
    const hinted = draft
      .optional('hint', s.one, { input: () => ({ n: 1 }), timeoutMs: 100 })
      .required('quick', s.one, { input: () => ({ n: 2 }) })
      .required('main', s.one, { needs: ['quick'], input: () => ({ n: 1 }) })
      .shape(({ main }) => ({ main: main.a }));
    const { signal } = new AbortController();
    const running = run(hinted, { input: {}, dispatch, signal, clock: at.clock });
    expect((await at.clock.settle(running)).value).toEqual({ main: 1 });
    expect(at.received).toHaveLength(3);
  });

  test('is cancelled when the last part that waits for it has been cancelled, and not before', async () => {
    const at = upstream(() => ({ tookMs: 300 }));
    const { parts } = await start(
      draft
        .optional('impatient', s.one, { input: () => ({ n: 1 }), timeoutMs: 100 })
        .optional('patient', s.one, { input: () => ({ n: 1 }) })
        .shape(() => ({})),
      at,
    );
    expect(parts.map(({ status, tookMs }) => [status, tookMs])).toEqual([
      ['missing', 100],
      ['fresh', 300],
    ]);
    expect(at.received).toHaveLength(1);
    expect(at.received[0]?.options).toMatchObject({ deadline: 850 });

    const both = upstream(() => ({ tookMs: 300 }));
    await start(
      draft
        .optional('x', s.one, { input: () => ({ n: 1 }), timeoutMs: 100 })
        .optional('y', s.one, { input: () => ({ n: 1 }), timeoutMs: 200 })
        .shape(() => ({})),
      both,
    );
    expect(both.received[0]?.endedAt).toBe(200);
  });
});
