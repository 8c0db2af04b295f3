import { answer, checkBudget, failureMatrix } from '@facet/aggregation/testing';
import { catalog } from '@facet/shop-catalog';
import { inventory } from '@facet/shop-inventory';
import { sampleProduct, sampleStock } from '@facet/shop-testing';
import { expect, test } from '@jest/globals';
import { products } from './products.aggregation.js';

const specOf = (ids: string[]) => ({
  input: { sort: 'relevance' as const, page: 1, pageSize: 20 },
  answers: [
    answer(catalog.products, { items: ids.map(sampleProduct), page: 1, pageSize: 20, total: 84 }),
    answer(inventory.levels, { items: ids.map(sampleStock) }),
  ],
});

failureMatrix(products, specOf(['one', 'two']));

test('the stock of twenty products is one call', async () => {
  const ids = Array.from({ length: 20 }, (_, index) => `thing-${index}`);
  expect((await checkBudget(products, specOf(ids))).calls).toEqual({ catalog: 1, inventory: 1 });
});
