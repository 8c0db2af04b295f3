import { answer, checkBudget, failureMatrix } from '@facet/aggregation/testing';
import { catalog } from '@facet/shop-catalog';
import { inventory } from '@facet/shop-inventory';
import { sampleCategory, sampleProduct, sampleStock } from '@facet/shop-testing';
import { expect, test } from '@jest/globals';
import { search } from './search.aggregation.js';

const specOf = (ids: string[]) => ({
  input: { q: 'thing', sort: 'relevance' as const, page: 1 },
  answers: [
    answer(catalog.products, { items: ids.map(sampleProduct), page: 1, pageSize: 24, total: 84 }),
    answer(catalog.categories, { items: ['lighting', 'kitchen'].map(sampleCategory) }),
    answer(inventory.levels, { items: ids.map(sampleStock) }),
  ],
});

failureMatrix(search, specOf(['one', 'two']));

test('the search page costs no more than its budget allows', async () => {
  const ids = Array.from({ length: 24 }, (_, index) => `thing-${index}`);
  expect((await checkBudget(search, specOf(ids))).calls).toEqual({ catalog: 2, inventory: 1 });
});
