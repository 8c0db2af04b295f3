import { answer, checkBudget, failureMatrix } from '@facet/aggregation/testing';
import { catalog } from '@facet/shop-catalog';
import { inventory } from '@facet/shop-inventory';
import { recommendations } from '@facet/shop-recommendations';
import { sampleProduct, sampleRecommendations, sampleStock } from '@facet/shop-testing';
import { expect, test } from '@jest/globals';
import { product } from './product.aggregation.js';

const specOf = (related: string[]) => ({
  input: { id: 'x' },
  answers: [
    answer(catalog.product, sampleProduct('x')),
    answer(recommendations.related, sampleRecommendations(...related)),
    answer(catalog.productsByIds, { items: related.map(sampleProduct) }),
    answer(inventory.levels, { items: ['x', ...related].map(sampleStock) }),
  ],
});

failureMatrix(product, specOf(['a']));

test("a product's screen costs no more than its budget allows", async () => {
  const { calls } = await checkBudget(product, specOf(['a', 'b', 'c', 'd']));
  expect(calls).toEqual({ catalog: 2, inventory: 1, recommendations: 1 });
});
