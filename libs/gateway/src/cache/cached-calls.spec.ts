import { query, RawJson, selection, service, type Answer, type CallRequest } from '@facet/contracts';
import { AnswerCache } from './store/answer-cache.js';
import { expect, test } from '@jest/globals';
import { z } from 'zod';
import { CachedCalls } from './cached-calls.js';
import type { Send } from './cache-entries.js';

const item = z.strictObject({ id: z.string(), name: z.string(), price: z.int() });
const shop = service('shop', {
  item: query({
    summary: 'One item',
    input: z.strictObject({ sku: z.string() }),
    output: item,
    freshness: { ttlMs: 60_000 },
  }),
  items: query({
    summary: 'Items by their ids',
    input: z.strictObject({ skus: z.array(z.string()) }),
    output: z.strictObject({ items: z.array(item) }),
    byIds: { ids: 'skus', items: 'items', key: 'id', max: 20 },
    freshness: { ttlMs: 60_000 },
  }),
});

function calls(send: Send) {
  const dispatch = new CachedCalls(new AnswerCache({ policy: {} })).dispatchFor(undefined, send);
  const heard: (Answer<unknown> | string)[] = [];
  const ask = (request: Pick<CallRequest, 'selection' | 'input'>) =>
    dispatch(
      { ...request, deadline: performance.now() + 5_000 },
      { arrived: (answer) => heard.push(answer), missed: (error) => heard.push(String(error)) },
    );
  return { ask, heard };
}

const turn = () => new Promise(setImmediate);
/** Answers with what was asked for, cut to the fields that are read. */
const send: Send = (operation, _, { fields }) => {
  const one = { id: 'a', name: 'A' };
  const value = operation === shop.items ? { items: [one] } : one;
  return Promise.resolve({ value, source: 'fresh', ageMs: 0, ...(fields && { fields }) });
};

test.each([
  [selection(shop.item, { fields: ['id', 'name'] }), { sku: 'a' }],
  [selection(shop.items, { fields: ['items.id', 'items.name'] }), { skus: ['a'] }],
])('what is at hand arrives before dispatch returns, and is known to be cut (%#)', async (read, input) => {
  const { ask, heard } = calls(send);
  ask({ selection: read, input });
  expect(heard).toEqual([]);
  await turn();
  expect(heard).toHaveLength(1);
  ask({ selection: read, input });
  expect(heard).toHaveLength(2);
  const [fresh, cached] = heard as Answer<unknown>[];
  expect([fresh?.source, cached?.source]).toEqual(['fresh', 'cached']);
  expect(cached?.value).toEqual(fresh?.value);
  for (const each of [fresh, cached]) expect(each?.fields).toBe(read.fields);
});

const rows = ['a', 'b', 'c'].map((id) => ({ id, name: id, price: 1 }));

test.each([true, false])(
  'the first items of a list are cached for those who read so many, and cut where the service did not (it did: %s)',
  async (isCutThere) => {
    const asked: unknown[] = [];
    const { ask, heard } = calls((_, __, { first }) => {
      asked.push(first);
      const said = isCutThere && first !== undefined;
      const value = { items: said ? rows.slice(0, first.count) : rows };
      return Promise.resolve({ value, source: 'fresh', ageMs: 0, ...(said ? { first } : {}) });
    });
    const input = { skus: ['a', 'b', 'c'] };
    const two = selection(shop.items, { first: { list: 'items', count: 2 } });
    const one = selection(shop.items, { first: { list: 'items', count: 1 }, opaque: true });
    for (const read of [two, one, selection(shop.items), two, one]) {
      ask({ selection: read, input });
      await turn();
    }
    const shown = (heard as Answer<unknown>[]).map(({ value }) => value);
    const short = new RawJson(JSON.stringify({ items: rows.slice(0, 1) }));
    expect(shown).toEqual([
      { items: rows.slice(0, 2) },
      short,
      { items: rows },
      { items: rows.slice(0, 2) },
      short,
    ]);
    expect(asked).toEqual([two.first, one.first, undefined]);
    expect((heard as Answer<unknown>[]).map(({ first }) => first)).toEqual([
      ...[two.first, one.first, undefined],
      ...[two.first, one.first],
    ]);
  },
);

test('nothing is heard of a call that was given up', async () => {
  const { ask, heard } = calls(send);
  ask({ selection: selection(shop.item), input: { sku: 'a' } })(new Error('left'));
  await turn();
  expect(heard).toEqual([]);
});

test('a call that fails is missed once', async () => {
  const { ask, heard } = calls(() => Promise.reject(new Error('down')));
  ask({ selection: selection(shop.item), input: { sku: 'a' } });
  await turn();
  expect(heard).toEqual(['Error: down']);
});
