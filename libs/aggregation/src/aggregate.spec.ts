import { describe, expect, test } from '@jest/globals';
import { catalog, inventory, type Call } from '@facet/contracts';
import { z } from 'zod';
import { aggregate } from './aggregate.js';
import { run } from './run.js';

const product = (id: string) => ({
  id,
  title: `Product ${id}`,
  price: { amount: 1, currency: 'EUR' },
  brand: 'x',
});

const home = aggregate('test.home', { input: z.strictObject({ limit: z.int() }), deadlineMs: 1_000 })
  .required('featured', catalog.featured, {
    input: ({ input }) => ({ limit: input.limit }),
    fields: ['hero.headline', 'items.id', 'items.price.amount'],
  })
  .optional('categories', catalog.categories, { input: () => ({}), default: { items: [] } })
  .optional('stock', inventory.levels, {
    needs: ['featured'],
    input: ({ featured }) => ({ ids: featured.items.map(({ id }) => id) }),
  })
  .deferred('reviews', catalog.reviews, {
    needs: ['featured'],
    input: ({ featured }) => ({ productId: featured.items[0]?.id ?? '' }),
    shape: ({ reviews }) => reviews.rating,
  })
  .shape(({ featured, stock, categories }) => ({
    headline: featured.hero.headline,
    items: featured.items,
    stock: stock?.items.length,
    categories: categories.items.length,
  }));

const answers: Record<string, unknown> = {
  'catalog.featured': {
    hero: { headline: 'Hi', text: 't', product: product('a') },
    items: [product('a'), product('b')],
  },
  'catalog.categories': { items: [] },
  'inventory.levels': { items: [{ id: 'b' }, { id: 'a' }] },
  'catalog.reviews': { rating: { average: 4, count: 2 } },
};
const call = ((operation: { pattern: string }) =>
  Promise.resolve({ value: answers[operation.pattern], source: 'fresh', ageMs: 0 })) as unknown as Call;

describe('an aggregation', () => {
  test('makes one answer from its parts', async () => {
    const outcome = await run(home, { input: { limit: 2 }, call, signal: new AbortController().signal });
    expect(outcome.value).toEqual({
      headline: 'Hi',
      items: [
        { id: 'a', price: { amount: 1 } },
        { id: 'b', price: { amount: 1 } },
      ],
      stock: 2,
      categories: 0,
      reviews: { average: 4, count: 2 },
    });
    expect(outcome.degraded).toEqual([]);
    expect(outcome.freshness).toMatchObject({ store: true, maxAgeMs: 5_000, scope: 'public' });
  });
});
