import { answer, checkBudget, failureMatrix } from '@facet/aggregation/testing';
import { catalog } from '@facet/shop-catalog';
import { inventory } from '@facet/shop-inventory';
import { recommendations } from '@facet/shop-recommendations';
import { sampleCategory, sampleProduct, sampleRecommendations, sampleStock } from '@facet/shop-testing';
import { expect, test } from '@jest/globals';
import { home } from './home.aggregation.js';

const specOf = (ids: string[], picked = ids.map((id) => `p-${id}`)) => ({
  input: {},
  answers: [
    answer(catalog.featured, {
      hero: { headline: 'Made to be kept', text: 'And mended.', product: sampleProduct('hero') },
      items: ids.map(sampleProduct),
    }),
    answer(catalog.categories, {
      items: ids.flatMap((id) => [`one-${id}`, `two-${id}`]).map(sampleCategory),
    }),
    answer(recommendations.popular, sampleRecommendations(...picked)),
    answer(catalog.productsByIds, { items: picked.map(sampleProduct) }),
    answer(inventory.levels, { items: ['hero', ...ids, ...picked].map(sampleStock) }),
  ],
});

failureMatrix(home, specOf(['a', 'b']));

test('the home screen costs no more than its budget allows, and five calls', async () => {
  const { calls, depth } = await checkBudget(home, specOf(['a', 'b', 'c', 'd', 'e', 'f']));
  expect({ calls, depth }).toEqual({ calls: { catalog: 3, inventory: 1, recommendations: 1 }, depth: 2 });
});
