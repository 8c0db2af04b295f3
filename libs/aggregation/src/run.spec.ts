import type { Dispatch } from '@facet/contracts';
import { describe, expect, test } from '@jest/globals';
import type { z } from 'zod';
import { z as zod } from 'zod';
import { Failure, itemsOf, s, Upstream, value, type Behaviour } from '../test/upstream.js';
import { aggregate, run, runStreamed, type Aggregation, type Arrival, type RunOptions } from './index.js';

const draft = aggregate('test.run', { input: zod.strictObject({}), deadlineMs: 1_000 });
const ask = (n: number) => ({ input: () => ({ n }) });

/** An upstream that behaves as told per `operation.n`, and answers at once otherwise. */
function upstream(behaviours: Readonly<Record<string, Behaviour>> = {}) {
  return new Upstream(({ name, byIds }, input) => {
    const { n } = input as { n?: number };
    return {
      value: byIds === undefined ? value : itemsOf(input),
      ...behaviours[n === undefined ? name : `${name}.${n}`],
    };
  });
}

function start<I extends z.ZodType, F extends object, L extends object>(
  aggregation: Aggregation<I, F, L>,
  at: Upstream,
  options: Partial<RunOptions<z.output<I>>> = {},
) {
  const { signal } = new AbortController();
  const given = { input: {} as z.output<I>, dispatch: at.dispatch, signal, clock: at.clock, ...options };
  return at.clock.settle(run(aggregation, given));
}

describe('a run', () => {
  test('starts at once what needs nothing, and the rest as soon as what it needs is there', async () => {
    const at = upstream({ 'one.1': { tookMs: 100 }, 'one.2': { tookMs: 50 }, 'one.3': { tookMs: 10 } });
    const outcome = await start(
      draft
        .required('slow', s.one, ask(1))
        .required('quick', s.one, ask(2))
        .required('after', s.one, { needs: ['quick'], ...ask(3) })
        .shape(() => ({})),
      at,
    );
    expect(at.received.map(({ at: time }) => time)).toEqual([0, 0, 50]);
    expect(outcome.tookMs).toBe(100);
    expect(outcome.parts.map(({ part, startedMs, tookMs }) => [part, startedMs, tookMs])).toEqual([
      ['slow', 0, 100],
      ['quick', 0, 50],
      ['after', 50, 10],
    ]);
  });

  test('hands inputs and shape the request and the values of the parts that they name', async () => {
    const caller = {
      subject: 'ann',
      kind: 'user',
      client: 'web',
      credential: 'bearer',
      scopes: [],
      roles: [],
    } as const;
    const aggregation = aggregate('test.hands', { input: zod.strictObject({ n: zod.number() }) })
      .required('one', s.one, { input: ({ input }) => ({ n: input.n }), fields: ['a', 'list.x'] })
      .required('two', s.two, { needs: ['one'], input: ({ one }) => ({ n: one.a + 1 }) })
      .shape(({ input, caller: who, one }) => ({ n: input.n, who: who?.subject, one }));
    const at = upstream();
    const outcome = await start(aggregation, at, { input: { n: 7 }, caller });
    expect(outcome.value).toEqual({ n: 7, who: 'ann', one: { a: 1, list: [{ x: 3 }] } });
    expect(at.of('s.two')[0]?.input).toEqual({ n: 2 });
    expect(at.of('s.one')[0]?.options.fields).toEqual(['a', 'list.x']);
  });

  test('does without an optional part, and says so', async () => {
    const at = upstream({
      'one.2': { error: new Failure('s.down', 503) },
      'one.3': { error: new Failure('s.gone', 410) },
    });
    const outcome = await start(
      draft
        .required('there', s.one, ask(1))
        .optional('absent', s.one, ask(2))
        .optional('defaulted', s.one, { ...ask(3), default: { ...value, a: 9 } })
        .shape(({ absent, defaulted }) => ({ absent, a: defaulted.a })),
      at,
    );
    expect(outcome.value).toEqual({ absent: undefined, a: 9 });
    expect(outcome.degraded).toEqual([
      { part: 'absent', reason: 's.down' },
      { part: 'defaulted', reason: 's.gone' },
    ]);
    expect(outcome.parts.map(({ status }) => status)).toEqual(['fresh', 'missing', 'default']);
    expect(outcome.freshness).toEqual({ store: false, because: 'incomplete' });
  });

  test('makes no call for a part without an input, which is skipped and not degraded', async () => {
    const at = upstream();
    const outcome = await start(
      draft
        .required('one', s.one, ask(1))
        .optional('nothing', s.one, { input: () => undefined })
        .required('items', s.byIds, { input: () => ({ ids: [] }) })
        .shape(({ nothing, items }) => ({ nothing, items: items.items })),
      at,
    );
    expect(outcome.value).toEqual({ nothing: undefined, items: [] });
    expect(outcome.parts.map(({ status }) => status)).toEqual(['fresh', 'skipped', 'skipped']);
    expect(outcome.degraded).toEqual([]);
    expect(outcome.freshness.store).toBe(true);
    expect(at.received).toHaveLength(1);
  });

  test('reports a part as missing that has no input because a part that it needs is missing', async () => {
    const at = upstream({ 'one.1': { error: new Failure('s.down', 503) } });
    const outcome = await start(
      draft
        .optional('first', s.one, ask(1))
        .optional('second', s.one, { needs: ['first'], input: ({ first }) => first && { n: first.a } })
        .shape(() => ({})),
      at,
    );
    expect(outcome.degraded).toEqual([
      { part: 'first', reason: 's.down' },
      { part: 'second', reason: 'aggregation.need-missing' },
    ]);
  });
});

describe('a required part that is missing', () => {
  const wanted = draft
    .required('wanted', s.one, ask(1))
    .optional('beside', s.one, ask(2))
    .required('after', s.one, { needs: ['wanted'], ...ask(3) })
    .shape(() => ({}));

  test.each([
    ['a refusal of the contract passes through', new Failure('s.gone', 410), { code: 's.gone', status: 410 }],
    ['so does not found', new Failure('x.not-found', 404), { code: 'x.not-found', status: 404 }],
    [
      'an undeclared refusal is ours',
      new Failure('x.invalid', 400),
      { code: 'upstream.unavailable', status: 503 },
    ],
    [
      'so is a lack of credentials',
      new Failure('x.unknown-caller', 401),
      { code: 'upstream.unavailable', status: 503 },
    ],
    ['a failure is 503', new Failure('upstream.error', 502), { code: 'upstream.error', status: 503 }],
    [
      'an answer that breaks its contract is 502',
      new Failure('upstream.bad-reply', 502),
      { code: 'upstream.bad-reply', status: 502 },
    ],
    [
      'so is a request that was too slow for it',
      new Failure('x.slow', 408),
      { code: 'aggregation.timeout', status: 504 },
    ],
    ['a time-out is 504', new Failure('upstream.timeout', 504), { code: 'upstream.timeout', status: 504 }],
    [
      'how long to wait is kept',
      new Failure('s.busy', 429, 50),
      { code: 'upstream.unavailable', status: 503, retryAfterMs: 50 },
    ],
    ['a defect is 500', new Error('secret'), { code: 'aggregation.defect', status: 500 }],
  ])('ends the run: %s', async (_, error, expected) => {
    const at = upstream({ 'one.1': { tookMs: 10, error }, 'one.2': { tookMs: 500 } });
    const failed = start(wanted, at);
    await expect(failed).rejects.toMatchObject({ ...expected, part: 'wanted', service: 's', cause: error });
    await expect(failed).rejects.not.toHaveProperty('message', 'secret');
    expect(at.running).toEqual([]);
    expect(at.clock.now()).toBe(10);
    expect(at.received).toHaveLength(2);
  });

  test('in an input of our own is a defect', async () => {
    const broken = draft
      .required('broken', s.one, {
        input: () => {
          throw new TypeError('no');
        },
      })
      .shape(() => ({}));
    await expect(start(broken, upstream())).rejects.toMatchObject({
      code: 'aggregation.defect',
      status: 500,
    });
  });

  test('is an AggregationError, whereas a shape that fails is a defect', async () => {
    const broken = draft.required('one', s.one, ask(1)).shape(() => {
      throw new TypeError('no');
    });
    await expect(start(broken, upstream())).rejects.toMatchObject({
      code: 'aggregation.defect',
      status: 500,
    });
  });
});

describe('a deadline', () => {
  test('leaves each part 85% of what is left, and tells the call', async () => {
    const at = upstream({ 'one.1': { tookMs: 600 }, 'one.2': { tookMs: 341 } });
    const outcome = await start(
      draft
        .required('first', s.one, ask(1))
        .optional('second', s.one, { needs: ['first'], ...ask(2) })
        .shape(() => ({})),
      at,
    );
    expect(at.received.map(({ options }) => options.deadline)).toEqual([850, 940]);
    expect(outcome.degraded).toEqual([{ part: 'second', reason: 'aggregation.timeout' }]);
    expect(outcome.tookMs).toBe(940);
    expect(at.running).toEqual([]);
  });

  test('may be shared otherwise, or limited', async () => {
    const at = upstream();
    await start(
      draft
        .optional('half', s.one, { ...ask(1), share: 0.5 })
        .optional('short', s.one, { ...ask(2), timeoutMs: 20 })
        .shape(() => ({})),
      at,
    );
    expect(at.received.map(({ options }) => options.deadline)).toEqual([500, 20]);
  });

  test('of the request holds where it is the earlier one', async () => {
    const at = upstream({ 'one.1': { tookMs: 500 } });
    const late = start(
      draft.required('one', s.one, ask(1)).shape(() => ({})),
      at,
      { deadline: 100 },
    );
    await expect(late).rejects.toMatchObject({ code: 'aggregation.timeout', status: 504, part: 'one' });
    expect(at.clock.now()).toBe(85);
  });

  test('that has passed makes no call', async () => {
    const at = upstream();
    const late = start(
      draft.required('one', s.one, ask(1)).shape(() => ({})),
      at,
      { deadline: -1 },
    );
    await expect(late).rejects.toMatchObject({ status: 504 });
    expect(at.received).toEqual([]);
  });

  test('ends a part whose call goes on after it', async () => {
    const at = upstream();
    const deaf: Dispatch = () => () => undefined;
    const outcome = await start(
      draft.optional('one', s.one, ask(1)).shape(() => ({ fine: true })),
      at,
      { dispatch: deaf },
    );
    expect(outcome.value).toEqual({ fine: true });
  });
});

describe('a client that leaves', () => {
  test('cancels everything that is under way', async () => {
    const at = upstream({ 'one.1': { tookMs: 500 }, 'one.2': { tookMs: 500 } });
    const client = new AbortController();
    at.clock.after(100, () => client.abort());
    const left = start(
      draft
        .required('one', s.one, ask(1))
        .optional('two', s.one, ask(2))
        .shape(() => ({})),
      at,
      { signal: client.signal },
    );
    await expect(left).rejects.toMatchObject({ code: 'aggregation.cancelled', status: 499 });
    expect(at.received.map(({ endedAt }) => endedAt)).toEqual([100, 100]);
  });

  test('before the run starts costs no call', async () => {
    const at = upstream();
    const left = start(
      draft.optional('one', s.one, ask(1)).shape(() => ({})),
      at,
      { signal: AbortSignal.abort() },
    );
    await expect(left).rejects.toMatchObject({ code: 'aggregation.cancelled' });
    expect(at.received).toEqual([]);
  });

  test('is a cancellation, whereas a time-out of the request keeps its own code', async () => {
    const at = upstream({ 'one.1': { tookMs: 500 } });
    const request = new AbortController();
    at.clock.after(10, () => request.abort(new Failure('request.timeout', 504)));
    const left = start(
      draft.required('one', s.one, ask(1)).shape(() => ({})),
      at,
      { signal: request.signal },
    );
    await expect(left).rejects.toMatchObject({ code: 'request.timeout', status: 504 });
  });
});

describe('deferred parts', () => {
  const page = draft
    .required('now', s.one, { ...ask(1), fields: ['a'] })
    .deferred('soon', s.one, { ...ask(2), shape: ({ soon }) => soon.b })
    .deferred('ids', s.one, { ...ask(3), hidden: true })
    .deferred('later', s.byIds, {
      needs: ['ids'],
      input: ({ ids }) => ids && { ids: ['u', 'v'] },
      shape: ({ later }) => later.items.length,
    })
    .shape(({ now }) => ({ now: now.a }));
  const times = {
    'one.1': { tookMs: 10 },
    'one.2': { tookMs: 300 },
    'one.3': { tookMs: 50 },
    byIds: { tookMs: 50 },
  };

  async function stream(at: Upstream, signal = new AbortController().signal) {
    const streamed = await at.clock.settle(
      runStreamed(page, { input: {}, dispatch: at.dispatch, signal, clock: at.clock }),
    );
    const iterator = streamed.arrivals[Symbol.asyncIterator]();
    return { ...streamed, whole: streamed.complete, next: () => at.clock.settle(iterator.next()), iterator };
  }

  test('are waited for by a plain run, as fields of the answer', async () => {
    const outcome = await start(page, upstream(times));
    expect(outcome.value).toEqual({ now: 1, soon: 2, later: 2 });
    expect(outcome.tookMs).toBe(300);
  });

  test('stay absent from a plain run where they fail', async () => {
    const failed = { error: new Failure('s.down', 503) };
    const outcome = await start(page, upstream({ ...times, 'one.2': failed, 'one.3': failed }));
    expect(outcome.value).toEqual({ now: 1 });
    expect(outcome.degraded.map(({ part }) => part)).toEqual(['soon', 'ids', 'later']);
  });

  test('follow one by one as they arrive, after the rest', async () => {
    const at = upstream(times);
    const { first, next, whole } = await stream(at);
    expect(first.value).toEqual({ now: 1 });
    expect(first.tookMs).toBe(10);
    expect(first.freshness).toEqual({ store: false, because: 'incomplete' });
    const arrived = [await next(), await next(), await next()];
    expect(arrived.map(({ value: arrival }) => (arrival as Arrival | undefined)?.part)).toEqual([
      'later',
      'soon',
      undefined,
    ]);
    expect((arrived[0]?.value as Arrival).value).toBe(2);
    expect(arrived[2]?.done).toBe(true);
    expect((await whole).value).toEqual({ now: 1, soon: 2, later: 2 });
    expect((await whole).freshness.store).toBe(true);
  });

  test('arrive without a value where they fail, with the reason', async () => {
    const at = upstream({ ...times, 'one.2': { error: new Failure('s.down', 503) } });
    const { next } = await stream(at);
    expect((await next()).value).toMatchObject({
      part: 'soon',
      value: undefined,
      report: { status: 'missing', reason: 's.down' },
    });
  });

  test('are cancelled when the reader stops', async () => {
    const at = upstream(times);
    const { next, iterator, whole } = await stream(at);
    await next();
    await iterator.return?.();
    expect(at.running).toEqual([]);
    await expect(whole).rejects.toMatchObject({ code: 'aggregation.cancelled' });
  });

  test('are cancelled when the reader stops before it has read anything', async () => {
    const at = upstream(times);
    const { iterator, whole } = await stream(at);
    await iterator.return?.();
    expect(at.running).toEqual([]);
    await expect(whole).rejects.toMatchObject({ code: 'aggregation.cancelled' });
    expect(await iterator.next()).toEqual({ done: true, value: undefined });
    expect(at.clock.pending).toBe(0);
  });

  test('that are there already are told before the reason why the rest is not', async () => {
    const at = upstream(times);
    const client = new AbortController();
    const { next } = await stream(at, client.signal);
    at.clock.after(200, () => client.abort());
    await at.clock.drain();
    expect((await next()).value).toMatchObject({ part: 'later' });
    await expect(next()).rejects.toMatchObject({ code: 'aggregation.cancelled' });
  });

  test('end the stream when the client leaves', async () => {
    const at = upstream(times);
    const client = new AbortController();
    const { next } = await stream(at, client.signal);
    client.abort();
    await expect(next()).rejects.toMatchObject({ code: 'aggregation.cancelled' });
    expect(at.running).toEqual([]);
  });

  test('fail the run where their own view fails, since that is a defect', async () => {
    const broken = draft
      .required('now', s.one, ask(1))
      .deferred('soon', s.one, {
        ...ask(2),
        default: value,
        shape: (): number => {
          throw new TypeError('no');
        },
      })
      .shape(() => ({}));
    await expect(start(broken, upstream())).rejects.toMatchObject({ code: 'aggregation.defect' });
  });
});
