import { run } from '@facet/aggregation';
import { answer, checkBudget, failureMatrix } from '@facet/aggregation/testing';
import { servicesOf } from '@facet/contracts/testing';
import { catalog } from '@facet/shop-catalog';
import { inventory } from '@facet/shop-inventory';
import { orders as contract } from '@facet/shop-orders';
import { sampleOrder, sampleProduct, sampleStock } from '@facet/shop-testing';
import { sampleCaller } from '@facet/testing/samples';
import { expect, test } from '@jest/globals';
import { orders } from './orders.aggregation.js';

const specOf = (bought: readonly string[][]) => {
  const products = [...new Set(bought.flat())];
  const items = bought.map((ids, index) => sampleOrder(`ord_${index}`, ...ids));
  return {
    caller: sampleCaller('cus_0001'),
    input: { page: 1, pageSize: 10 },
    answers: [
      answer(contract.list, { items, page: 1, pageSize: 20, total: items.length }),
      answer(catalog.productsByIds, { items: products.map(sampleProduct) }),
      answer(inventory.levels, { items: products.map(sampleStock) }),
    ],
  };
};

failureMatrix(orders, specOf([['a', 'b'], ['b']]));

test('the pictures and the stock of ten orders are one call each', async () => {
  const bought = Array.from({ length: 10 }, (_, index) => [`a-${index}`, `b-${index}`, 'often']);
  expect((await checkBudget(orders, specOf(bought))).calls).toEqual({ orders: 1, catalog: 1, inventory: 1 });
});

test('a caller that is no customer has no orders to see', async () => {
  const { customerId: _, ...caller } = sampleCaller('cus_0001');
  const { input, answers } = specOf([['a']]);
  const { signal } = new AbortController();
  await expect(run(orders, { input, caller, dispatch: servicesOf(answers), signal })).rejects.toMatchObject({
    code: 'access.denied',
    status: 403,
  });
});
