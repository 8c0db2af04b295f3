import { answer, checkBudget, failureMatrix } from '@facet/aggregation/testing';
import { catalog } from '@facet/shop-catalog';
import { inventory } from '@facet/shop-inventory';
import { orders } from '@facet/shop-orders';
import { sampleOrder, sampleProduct, sampleStock } from '@facet/shop-testing';
import { sampleCaller } from '@facet/testing/samples';
import { expect, test } from '@jest/globals';
import { order } from './order.aggregation.js';

const specOf = (ids: string[]) => ({
  caller: sampleCaller('cus_0001'),
  input: { id: 'ord_1' },
  answers: [
    answer(orders.order, sampleOrder('ord_1', ...ids)),
    answer(catalog.productsByIds, { items: ids.map(sampleProduct) }),
    answer(inventory.levels, { items: ids.map(sampleStock) }),
  ],
});

failureMatrix(order, specOf(['a', 'b']));

test('an order of fifty products costs no more than its budget allows', async () => {
  const ids = Array.from({ length: 50 }, (_, index) => `thing-${index}`);
  expect((await checkBudget(order, specOf(ids))).calls).toEqual({ orders: 1, catalog: 1, inventory: 1 });
});
