import type { OutputOf } from '@facet/contracts';
import { answer } from '@facet/contracts/testing';
import { z } from 'zod';
import { catalog, inventory, type Product } from './contracts.js';
import { aggregate, indexBy } from '../src/index.js';

/** A home screen as a gateway would write it. */
export const home = aggregate('test.home', {
  input: z.strictObject({ limit: z.int().default(6) }),
  deadlineMs: 1_000,
})
  .required('featured', catalog.featured, {
    input: ({ input }) => ({ limit: input.limit }),
    fields: ['hero.headline', 'items.id', 'items.title', 'items.price.amount'],
  })
  .optional('categories', catalog.categories, {
    input: () => ({}),
    fields: ['items.slug'],
    default: { items: [] },
  })
  .optional('stock', inventory.levels, {
    needs: ['featured'],
    input: ({ featured }) => ({ ids: featured.items.map(({ id }) => id) }),
  })
  .deferred('reviews', catalog.reviews, {
    needs: ['featured'],
    input: ({
      featured: {
        items: [first],
      },
    }) => first && { productId: first.id },
    shape: ({ reviews }) => reviews.rating,
  })
  .budget({ bytes: 600, calls: { catalog: 3, inventory: 1 }, depth: 2 })
  .shape(({ featured, categories, stock }) => {
    const levels = indexBy(stock?.items, 'id');
    return {
      headline: featured.hero.headline,
      categories: categories.items.map(({ slug }) => slug),
      items: featured.items.map((item) => ({ ...item, stock: levels.get(item.id)?.status })),
    };
  });

export function product(id: string): Product {
  return {
    id,
    title: `Product ${id}`,
    description: 'It is one.',
    price: { amount: 1_000, currency: 'EUR' },
    images: [{ alt: 'a', sizes: [{ url: 'https://images.test/a' }] }],
    rating: { average: 4, count: 2 },
  };
}

export function level(id: string): OutputOf<typeof inventory.levels>['items'][number] {
  return { id, status: 'in-stock', available: 12 };
}

export const answers = [
  answer(catalog.featured, {
    hero: { headline: 'Hello', product: product('a') },
    items: [product('a'), product('b')],
  }),
  answer(catalog.categories, {
    items: [{ slug: 'one', name: 'One' }],
  }),
  answer(inventory.levels, { items: [level('a'), level('b')] }),
  answer(catalog.reviews, {
    rating: { average: 4, count: 2 },
    items: [],
    total: 0,
  }),
];
