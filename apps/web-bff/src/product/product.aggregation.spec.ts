import { answer, checkBudget, failureMatrix } from '@facet/aggregation/testing';
import { catalog } from '@facet/shop-catalog';
import { inventory } from '@facet/shop-inventory';
import { recommendations } from '@facet/shop-recommendations';
import { reviews } from '@facet/shop-reviews';
import { sampleProduct, sampleRecommendations, sampleReviews, sampleStock } from '@facet/shop-testing';
import { expect, test } from '@jest/globals';
import { product } from './product.aggregation.js';

const specOf = (related: string[]) => ({
  input: { id: 'x' },
  answers: [
    answer(catalog.product, sampleProduct('x')),
    answer(inventory.levels, { items: [sampleStock('x')] }),
    answer(reviews.ofProduct, sampleReviews('x')),
    answer(recommendations.related, sampleRecommendations(...related)),
    answer(catalog.productsByIds, { items: related.map(sampleProduct) }),
  ],
});

failureMatrix(product, specOf(['a']));

test("a product's page costs no more than its budget allows", async () => {
  const { calls } = await checkBudget(product, specOf(['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h']));
  expect(calls).toEqual({ catalog: 2, inventory: 1, recommendations: 1, reviews: 1 });
});
