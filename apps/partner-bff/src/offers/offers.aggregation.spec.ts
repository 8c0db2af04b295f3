import { answer, checkBudget, failureMatrix } from '@facet/aggregation/testing';
import { catalog } from '@facet/shop-catalog';
import { inventory } from '@facet/shop-inventory';
import { sampleProduct, sampleStock } from '@facet/shop-testing';
import { expect, test } from '@jest/globals';
import { offers } from './offers.aggregation.js';

const specOf = (ids: string[]) => ({
  input: { ids },
  answers: [
    answer(catalog.productsByIds, { items: ids.map(sampleProduct) }),
    answer(inventory.levels, { items: ids.slice(1).map(sampleStock) }),
  ],
});

failureMatrix(offers, specOf(['a', 'b']));

test('five hundred offers are five calls to the catalog and one for their stock', async () => {
  const ids = Array.from({ length: 500 }, (_, index) => `thing-${index}`);
  const { calls, depth } = await checkBudget(offers, specOf(ids));
  expect({ calls, depth }).toEqual({ calls: { catalog: 5, inventory: 1 }, depth: 1 });
});
