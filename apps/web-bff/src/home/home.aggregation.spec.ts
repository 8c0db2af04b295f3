import { answer, checkBudget, failureMatrix } from '@facet/aggregation/testing';
import { catalog } from '@facet/shop-catalog';
import { inventory } from '@facet/shop-inventory';
import { recommendations } from '@facet/shop-recommendations';
import { sampleCategory, sampleProduct, sampleRecommendations, sampleStock } from '@facet/shop-testing';
import { expect, test } from '@jest/globals';
import { home } from './home.aggregation.js';

const named = (name: string, count: number) =>
  Array.from({ length: count }, (_, index) => `${name}-${index}`);

const specOf = (featured: string[], picked: string[]) => ({
  input: {},
  answers: [
    answer(catalog.featured, {
      hero: { headline: 'Made to be kept', text: 'And mended.', product: sampleProduct('hero') },
      items: featured.map(sampleProduct),
    }),
    answer(catalog.categories, { items: featured.map(sampleCategory) }),
    answer(recommendations.popular, sampleRecommendations(...picked)),
    answer(catalog.productsByIds, { items: picked.map(sampleProduct) }),
    answer(inventory.levels, { items: ['hero', ...featured, ...picked].map(sampleStock) }),
  ],
});

failureMatrix(home, specOf(['one'], ['other']));

test('the front page costs no more than its budget allows, and five calls', async () => {
  const { calls, depth } = await checkBudget(home, specOf(named('featured', 12), named('picked', 8)));
  expect({ calls, depth }).toEqual({ calls: { catalog: 3, inventory: 1, recommendations: 1 }, depth: 2 });
});
