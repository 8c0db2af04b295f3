import { query, selection, service, type Answer, type CallRequest } from '@facet/contracts';
import { AnswerCache } from '@facet/policy';
import { expect, test } from '@jest/globals';
import { z } from 'zod';
import { KeptCalls } from './kept-calls.js';
import type { Send } from './pieces.js';

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
  const dispatch = new KeptCalls(new AnswerCache({ policy: {} })).dispatchFor(undefined, send);
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
