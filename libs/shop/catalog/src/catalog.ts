import {
  command,
  cursor,
  id,
  idempotencyKey,
  money,
  page,
  pageInfo,
  pageSize,
  query,
  service,
  text,
  timestamp,
} from '@facet/contracts';
import { z } from 'zod';

const minutes = (n: number) => n * 60_000;

export const productId = id('product', { owner: 'nobody' });
const categoryId = id('category', { owner: 'nobody' });

/** Where a picture is: an https URL, or an absolute path at the gateway that the answer is from. */
export const imageUrl = z.string().regex(/^(?:https:\/)?\/[\w.~%-][\w.~%/?&=+:@,;!*()$-]*$/);

export const imageSize = z
  .strictObject({
    name: z.enum(['thumb', 'small', 'medium', 'large', 'original']),
    width: z.int().positive(),
    height: z.int().positive(),
    url: imageUrl,
  })
  .meta({ title: 'ImageSize' });

export const image = z
  .strictObject({
    alt: z.string(),
    sizes: z.array(imageSize).min(1),
  })
  .meta({ title: 'Image' });

export const rating = z
  .strictObject({
    /** 0 where nobody has rated yet, else 1 to 5 with one decimal. */
    average: z.number().min(0).max(5),
    count: z.int().nonnegative(),
  })
  .meta({ title: 'Rating' });

export const category = z
  .strictObject({
    id: categoryId,
    slug: z.string(),
    name: z.string(),
    description: z.string(),
    productCount: z.int().nonnegative(),
    image,
  })
  .meta({ title: 'Category' });

export const product = z
  .strictObject({
    id: productId,
    sku: z.string(),
    title: text(300),
    brand: z.string(),
    categoryId,
    /** One sentence, at most 120 characters. */
    summary: z.string(),
    /** Several paragraphs of plain text. */
    description: z.string(),
    price: money,
    images: z.array(image).min(1),
    attributes: z.array(z.strictObject({ name: z.string(), value: z.string() })),
    rating,
    createdAt: timestamp,
    updatedAt: timestamp,
  })
  .meta({ title: 'Product' });
export type Product = z.infer<typeof product>;

/** What somebody wants to buy: up to 50 products, each at most 100 times. */
export const basket = z
  .array(z.strictObject({ productId, quantity: z.int().min(1).max(100) }))
  .min(1)
  .max(50);

export const productSort = z.enum(['relevance', 'price-asc', 'price-desc', 'rating', 'newest']);

export const catalog = service('catalog', {
  categories: query({
    summary: 'All categories with the number of their products',
    input: z.strictObject({}),
    output: z.strictObject({ items: z.array(category) }),
    freshness: { ttlMs: minutes(5), staleWhileRevalidateMs: minutes(30) },
  }),
  featured: query({
    summary: 'The product to open the shop with, and those to show below it',
    input: z.strictObject({ limit: z.int().min(1).max(50).default(12) }),
    output: z.strictObject({
      hero: z.strictObject({ headline: z.string(), text: z.string(), product }),
      items: z.array(product),
    }),
    freshness: { ttlMs: minutes(1), staleWhileRevalidateMs: minutes(10), tags: ['products'] },
  }),
  products: query({
    summary: 'Products by category and words, sorted, a page at a time',
    input: z.strictObject({
      /** A category's slug. */
      category: text(64).min(1).optional(),
      /** Words that title, brand or summary must contain. */
      q: text(100).min(1).optional(),
      sort: productSort.default('relevance'),
      page,
      pageSize,
    }),
    output: z.strictObject({ items: z.array(product), ...pageInfo }),
    freshness: { ttlMs: minutes(1), staleWhileRevalidateMs: minutes(5), tags: ['products'] },
    errors: { 'catalog.category-not-found': 404 },
  }),
  product: query({
    summary: 'One product',
    input: z.strictObject({ id: productId }),
    output: product,
    freshness: { ttlMs: minutes(1), staleWhileRevalidateMs: minutes(10), tags: ['product:{id}'] },
    errors: { 'catalog.product-not-found': 404 },
  }),
  productsByIds: query({
    summary: 'Products by their ids',
    input: z.strictObject({ ids: z.array(productId).min(1).max(100) }),
    output: z.strictObject({ items: z.array(product) }),
    byIds: { ids: 'ids', items: 'items', key: 'id', max: 100 },
    freshness: { ttlMs: minutes(1), staleWhileRevalidateMs: minutes(10), tags: ['product:{ids}'] },
  }),
  feed: query({
    summary: 'The whole catalog in a stable order, a stretch at a time',
    input: z.strictObject({ cursor: cursor.optional(), limit: z.int().min(1).max(200).default(100) }),
    output: z.strictObject({ items: z.array(product), /** Null at the end. */ next: cursor.nullable() }),
    errors: { 'catalog.bad-cursor': 400 },
  }),
  priceChanges: query({
    summary: 'Prices that have changed since a cursor; without one, a cursor for now and no items',
    input: z.strictObject({ since: cursor.optional(), limit: z.int().min(1).max(500).default(200) }),
    output: z.strictObject({
      items: z.array(z.strictObject({ id: productId, price: money, changedAt: timestamp })),
      next: cursor,
      /** Whether asking again with `next` would give more at once. */
      more: z.boolean(),
    }),
    freshness: { ttlMs: 0 },
    errors: { 'catalog.bad-cursor': 400 },
  }),
  quote: command({
    summary:
      'Fixes titles and prices for a key: the same key goes on with them, whatever a product costs by then',
    access: { scopes: ['orders:write'] },
    input: z.strictObject({
      idempotencyKey,
      lines: basket,
      /** What the buyer was shown; another total is refused. */
      expectedTotal: money.optional(),
    }),
    output: z.strictObject({
      /** In the order that was asked in. */
      lines: z.array(
        z.strictObject({ productId, title: product.shape.title, quantity: z.int(), unitPrice: money }),
      ),
      total: money,
    }),
    errors: {
      'catalog.product-not-found': 404,
      'catalog.price-changed': 409,
      'catalog.mixed-currencies': 422,
    },
  }),
  setPrice: command({
    summary: 'Changes the price of a product',
    access: { roles: ['operator'] },
    input: z.strictObject({ idempotencyKey, id: productId, price: money }),
    output: z.strictObject({ id: productId, price: money, changedAt: timestamp }),
    errors: { 'catalog.product-not-found': 404, 'catalog.currency-mismatch': 422 },
  }),
});
