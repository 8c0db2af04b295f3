import { describe, expect, test } from '@jest/globals';
import { servicesOf, answer } from '@facet/contracts/testing';
import { expectTypeOf } from 'expect-type';
import fc from 'fast-check';
import { z } from 'zod';
import { Failure, s, Upstream, type Behaviour } from '../test/upstream.js';
import { aggregate } from './aggregate.js';
import { run } from './answer.js';
import { describeAggregation, mermaid } from './describe.js';
import { checkBudget } from './testing/budget.js';

const input = z.strictObject({ list: z.array(z.string()) });
const texts = (options: { concurrency?: number; max?: number; timeoutMs?: number } = {}) =>
  aggregate('spec.texts', { input, deadlineMs: 1_000 })
    .each('texts', s.text, {
      over: ({ input }) => input.list,
      input: (text) => (text === 'nothing' ? undefined : { text }),
      ...options,
    })
    .shape(({ texts, input }) => ({ texts: texts.map((each) => each?.text ?? null), of: input.list.length }));

function ask(
  list: readonly string[],
  behave: (text: string, upstream: Upstream) => Behaviour,
  options?: Parameters<typeof texts>[0],
) {
  const upstream: Upstream = new Upstream((_, asked) => {
    const { text } = asked as { text: string };
    return { value: { text: `of ${text}` }, ...behave(text, upstream) };
  });
  const { clock, dispatch } = upstream;
  const controller = new AbortController();
  const asked = run(texts(options), {
    input: { list: [...list] },
    dispatch,
    signal: controller.signal,
    clock,
  });
  return { upstream, controller, outcome: clock.settle(asked) };
}

describe('a part of one call for each item', () => {
  test('has their values in the order of the items, however late each was', async () => {
    const { outcome } = ask(['a', 'b', 'c'], (text) => ({ tookMs: { a: 30, b: 10, c: 20 }[text] ?? 0 }));
    const { value, degraded, isComplete } = await outcome;
    expect(value).toEqual({ texts: ['of a', 'of b', 'of c'], of: 3 });
    expect({ degraded, isComplete }).toEqual({ degraded: [], isComplete: true });
  });

  test('asks for so many at once, and for the next when one is over', async () => {
    const { upstream, outcome } = ask(['a', 'b', 'c', 'd', 'e'], () => ({ tookMs: 10 }), { concurrency: 2 });
    await outcome;
    expect(upstream.received.map(({ at }) => at)).toEqual([0, 0, 10, 10, 20]);
  });

  test('asks once for items that ask the same, and not for those that ask nothing', async () => {
    const { upstream, outcome } = ask(['a', 'b', 'a', 'nothing'], () => ({}));
    expect((await outcome).value.texts).toEqual(['of a', 'of b', 'of a', null]);
    expect(upstream.received).toHaveLength(2);
    expect((await outcome).degraded).toEqual([]);
  });

  test('does without an item that failed, and names it', async () => {
    const { outcome } = ask(['a', 'b', 'c'], (text) =>
      text === 'b' ? { error: new Failure('upstream.unavailable', 503) } : {},
    );
    const { value, degraded, parts, freshness } = await outcome;
    expect(value.texts).toEqual(['of a', null, 'of c']);
    expect(degraded).toEqual([{ part: 'texts[1]', reason: 'upstream.unavailable' }]);
    expect(parts).toMatchObject([{ part: 'texts', status: 'default', reason: 'upstream.unavailable' }]);
    expect(freshness).toEqual({ store: false, because: 'incomplete' });
  });

  test('is missing where all items failed', async () => {
    const { outcome } = ask(['a', 'b'], () => ({ error: new Failure('s.gone', 410) }));
    const { value, degraded, parts } = await outcome;
    expect(value.texts).toEqual([null, null]);
    expect(degraded.map(({ part }) => part)).toEqual(['texts[0]', 'texts[1]']);
    expect(parts).toMatchObject([{ status: 'missing' }]);
  });

  test('has what had arrived when its time is up, and cancels the rest', async () => {
    const { upstream, outcome } = ask(['a', 'b', 'c'], (text) => ({ tookMs: text === 'a' ? 10 : 5_000 }), {
      concurrency: 2,
      timeoutMs: 100,
    });
    const { value, degraded } = await outcome;
    expect(value.texts).toEqual(['of a', null, null]);
    expect(degraded).toEqual([
      { part: 'texts[1]', reason: 'aggregation.timeout' },
      { part: 'texts[2]', reason: 'aggregation.timeout' },
    ]);
    expect(upstream.running).toEqual([]);
    expect(upstream.received.map(({ endedAt }) => endedAt)).toEqual([10, 100, 100]);
  });

  test('asks for no more items than it may, and names those that it left out', async () => {
    const { upstream, outcome } = ask(['a', 'b', 'c'], () => ({}), { max: 2 });
    expect((await outcome).value.texts).toEqual(['of a', 'of b', null]);
    expect((await outcome).degraded).toEqual([{ part: 'texts[2]', reason: 'aggregation.too-many-items' }]);
    expect(upstream.received).toHaveLength(2);
  });

  test('is an empty list where there is nothing to ask for', async () => {
    const { upstream, outcome } = ask([], () => ({}));
    expect((await outcome).value).toEqual({ texts: [], of: 0 });
    expect((await outcome).parts).toMatchObject([{ status: 'skipped' }]);
    expect(upstream.received).toEqual([]);
  });

  test('cancels everything when the client leaves', async () => {
    const { upstream, controller, outcome } = ask(['a', 'b', 'c'], () => ({ tookMs: 500 }), {
      concurrency: 2,
    });
    upstream.clock.after(10, () => controller.abort());
    const failed = outcome.catch((error: unknown) => error);
    expect(await failed).toMatchObject({ code: 'aggregation.cancelled' });
    expect(upstream.running).toEqual([]);
    expect(upstream.received).toHaveLength(2);
  });

  test('has a call in the record for each that was made, with where its answer came from', async () => {
    const { outcome } = ask(['a', 'b', 'a'], (text) => ({
      tookMs: 5,
      source: text === 'a' ? 'cached' : 'fresh',
    }));
    const { record } = await outcome;
    expect(record.calls).toMatchObject([
      { service: 's', operation: 'text', parts: ['texts'], startedAt: 0, endedAt: 5, source: 'cached' },
      { service: 's', operation: 'text', parts: ['texts'], startedAt: 0, endedAt: 5, source: 'fresh' },
    ]);
    expect(record.parts).toMatchObject([{ status: 'cached' }]);
  });

  test('waits for the parts that it needs, is needed by others, and gives each the types', async () => {
    const made = aggregate('spec.chain', { input: z.strictObject({}) })
      .optional('items', s.byIds, { input: () => ({ ids: ['x', 'y'] }), default: { items: [] } })
      .each('texts', s.text, {
        needs: ['items'],
        over: ({ items }) => items.items,
        input: (item) => ({ text: item.name }),
        fields: ['text'],
      })
      .optional('first', s.text, { needs: ['texts'], input: ({ texts }) => texts[0] })
      .shape(({ texts, first }) => {
        expectTypeOf(texts).toEqualTypeOf<readonly ({ text: string } | undefined)[]>();
        return { texts, first };
      });
    const upstream = new Upstream((operation, asked) => ({
      value:
        operation.name === 'byIds'
          ? { items: ['x', 'y'].map((id) => ({ id, name: `n${id}`, size: 1 })) }
          : asked,
    }));
    const { clock, dispatch } = upstream;
    const { signal } = new AbortController();
    const { value } = await clock.settle(run(made, { input: {}, dispatch, signal, clock }));
    expect(value).toEqual({ texts: [{ text: 'nx' }, { text: 'ny' }], first: { text: 'nx' } });
    expect(describeAggregation(made).depth).toBe(3);
  });

  test('is shown in the plan', () => {
    const description = describeAggregation(texts({ concurrency: 3, max: 20 }));
    expect(description.parts).toMatchObject([{ name: 'texts', each: { concurrency: 3, max: 20 } }]);
    expect(mermaid(description)).toContain('texts("texts<br/>s.text<br/>for each item, up to 20")');
  });

  test('costs each of its calls', async () => {
    const spec = { input: { list: ['a', 'b', 'c'] }, answers: [answer(s.text, { text: 'x' })] };
    const within = aggregate('spec.cost', { input })
      .each('texts', s.text, { over: ({ input }) => input.list, input: (text) => ({ text }) })
      .budget({ calls: { s: 2 } })
      .shape(({ texts }) => ({ texts }));
    await expect(checkBudget(within, spec)).rejects.toThrow('calls to s 3, allowed 2');
    expect(servicesOf(spec.answers)).toBeDefined();
  });

  test.each([
    [{ concurrency: 0 }, 'spec.texts, part "texts": concurrency must be a whole number from 1 to 64, got 0'],
    [{ max: 1.5 }, 'spec.texts, part "texts": max must be a whole number from 1 to 1000, got 1.5'],
  ])('%j is refused', (options, message) => {
    expect(() => texts(options)).toThrow(message);
  });

  test('is refused for a query by ids, which asks for all in one call', () => {
    const add = () =>
      aggregate('spec.ids', { input }).each('items', s.byIds, {
        over: ({ input }) => input.list,
        input: (id) => ({ ids: [id] }),
      });
    expect(add).toThrow('spec.ids, part "items": s.byIds is a query by ids; ask for all of them in one call');
  });
});

test('whatever becomes of each item, bounds hold, values stand in their places, and every failure is named', async () => {
  const behaviour = fc.record({
    text: fc.constantFrom('a', 'b', 'c', 'd', 'e', 'f', 'nothing'),
    tookMs: fc.integer({ min: 0, max: 300 }),
    fails: fc.boolean(),
  });
  await fc.assert(
    fc.asyncProperty(
      fc.array(behaviour, { maxLength: 15 }),
      fc.integer({ min: 1, max: 5 }),
      fc.integer({ min: 1, max: 12 }),
      async (items, concurrency, max) => {
        const of = new Map<string, (typeof items)[number]>(items.map((each) => [each.text, each]));
        let most = 0;
        const { upstream, outcome } = ask(
          items.map(({ text }) => text),
          (text, { running }) => {
            most = Math.max(most, running.length);
            const { tookMs = 0, fails = false } = of.get(text) ?? {};
            return { tookMs, ...(fails && { error: new Failure('upstream.unavailable', 503) }) };
          },
          { concurrency, max, timeoutMs: 400 },
        );
        const { value, degraded } = await outcome;
        expect(most).toBeLessThanOrEqual(concurrency);
        expect(new Set(upstream.received.map((call) => JSON.stringify(call.input))).size).toBe(
          upstream.received.length,
        );
        expect(value.texts).toHaveLength(items.length);
        const named = new Set(degraded.map(({ part }) => part));
        for (const [at, { text }] of items.entries()) {
          const got = value.texts[at];
          if (text === 'nothing') expect([got, named.has(`texts[${at}]`)]).toEqual([null, false]);
          else if (got === null) expect(named.has(`texts[${at}]`)).toBe(true);
          else expect([got, named.has(`texts[${at}]`)]).toEqual([`of ${text}`, false]);
        }
        expect(upstream.running).toEqual([]);
      },
    ),
    { numRuns: 150 },
  );
});
