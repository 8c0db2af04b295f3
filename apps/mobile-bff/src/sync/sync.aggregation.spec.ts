import { run } from '@facet/aggregation';
import { answer, checkBudget, failureMatrix } from '@facet/aggregation/testing';
import type { Dispatch } from '@facet/contracts';
import { servicesOf } from '@facet/contracts/testing';
import { catalog } from '@facet/shop-catalog';
import { orders } from '@facet/shop-orders';
import { sampleOrder } from '@facet/shop-testing';
import { sampleCaller } from '@facet/testing/samples';
import { expect, test } from '@jest/globals';
import { sync, syncAnswer } from './sync.aggregation.js';
import { syncToken, writeSyncToken } from './sync-token.js';

const price = { amount: 990, currency: 'EUR' };
const changedAt = '2025-06-01T08:00:00.000Z';
const specOf = (orderIds: string[], priceIds: string[]) => ({
  caller: sampleCaller('cus_0001'),
  input: { since: { orders: 'o-1', prices: 'p-1' } },
  answers: [
    answer(orders.changes, { items: orderIds.map((id) => sampleOrder(id, 'a')), next: 'o-2', more: false }),
    answer(catalog.priceChanges, {
      items: priceIds.map((id) => ({ id, price, changedAt })),
      next: 'p-2',
      more: true,
    }),
  ],
});

failureMatrix(sync, specOf(['ord_1'], ['a', 'b']));

test('a full answer costs no more than its budget allows', async () => {
  const many = (count: number) => Array.from({ length: count }, (_, index) => `ord_${index}`);
  expect((await checkBudget(sync, specOf(many(50), many(100)))).depth).toBe(1);
});

test('one token goes on from where each of its sources stands', async () => {
  const { answers, caller } = specOf([], []);
  const asked: unknown[] = [];
  const known = servicesOf(answers);
  const dispatch: Dispatch = (request, handler) => {
    asked.push((request.input as { since?: string }).since);
    return known(request, handler);
  };
  const { signal } = new AbortController();
  const { value } = await run(sync, { input: {}, caller, dispatch, signal });
  const { next } = syncAnswer.parse(value);
  await run(sync, { input: { since: syncToken.parse(next) }, caller, dispatch, signal });
  expect(asked).toEqual([undefined, undefined, 'o-2', 'p-2']);
});

test.each(['', 'nonsense', 'e30', writeSyncToken({ orders: '', prices: 'x' })])(
  'refuses "%s", which it never gave',
  (text) => {
    expect(syncToken.safeParse(text)).toMatchObject({ success: false });
  },
);
