import { catalog, inventory, type OutputOf, type Product } from '@facet/contracts';
import { z } from 'zod';
import { aggregate, indexBy } from '../src/index.js';
import { answer } from '../src/testing/answers.js';

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

const image = {
  alt: 'a',
  sizes: [{ name: 'thumb' as const, width: 1, height: 1, url: 'https://images.test/a' }],
};

export function product(id: string): Product {
  return {
    id,
    sku: `SKU-${id}`,
    title: `Product ${id}`,
    brand: 'Brand',
    categoryId: 'c1',
    summary: 'A product.',
    description: 'It is one.',
    price: { amount: 1_000, currency: 'EUR' },
    images: [image],
    attributes: [],
    rating: { average: 4, count: 2 },
    createdAt: '2026-01-01T00:00:00Z',
    updatedAt: '2026-01-01T00:00:00Z',
  };
}

export function level(id: string): OutputOf<typeof inventory.levels>['items'][number] {
  return { id, status: 'in-stock', available: 12, warehouses: [] };
}

export const answers = [
  answer(catalog.featured, {
    hero: { headline: 'Hello', text: 'Text', product: product('a') },
    items: [product('a'), product('b')],
  }),
  answer(catalog.categories, {
    items: [{ id: 'c1', slug: 'one', name: 'One', description: '', productCount: 1, image }],
  }),
  answer(inventory.levels, { items: [level('a'), level('b')] }),
  answer(catalog.reviews, {
    rating: { average: 4, count: 2 },
    histogram: [0, 0, 0, 2, 0],
    items: [],
    page: 1,
    pageSize: 10,
    total: 0,
  }),
];
