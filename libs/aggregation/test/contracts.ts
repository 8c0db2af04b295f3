import { command, id, idempotencyKey, money, query, service } from '@facet/contracts';
import { z } from 'zod';

/** The contracts of a small shop: what the specs of this lib aggregate. */
const rating = z.strictObject({ average: z.number(), count: z.int() });

const productId = id('product', { owner: 'nobody' });
const reviewId = id('review', { owner: 'nobody' });
const reservationId = id('reservation', { owner: 'customer' });
/** How services know whose they write is no matter of this lib. */
const access = { owner: { anybody: 'the specs have one customer' } };

const product = z.strictObject({
  id: productId,
  title: z.string(),
  description: z.string(),
  price: money,
  images: z.array(z.strictObject({ alt: z.string(), sizes: z.array(z.strictObject({ url: z.string() })) })),
  rating,
});
export type Product = z.infer<typeof product>;

export const catalog = service('catalog', {
  product: query({
    summary: 'One product',
    input: z.strictObject({ id: productId }),
    output: product,
    freshness: { ttlMs: 60_000, staleWhileRevalidateMs: 600_000 },
    errors: { 'catalog.product-not-found': 404 },
  }),
  productsByIds: query({
    summary: 'Products by their ids',
    input: z.strictObject({ ids: z.array(productId).min(1).max(100) }),
    output: z.strictObject({ items: z.array(product) }),
    byIds: { ids: 'ids', items: 'items', key: 'id', max: 100 },
  }),
  featured: query({
    summary: 'What the shop shows first',
    input: z.strictObject({ limit: z.int().default(12) }),
    output: z.strictObject({
      hero: z.strictObject({ headline: z.string(), product }),
      items: z.array(product),
    }),
    freshness: { ttlMs: 60_000, staleWhileRevalidateMs: 600_000 },
  }),
  categories: query({
    summary: 'All categories',
    input: z.strictObject({}),
    output: z.strictObject({ items: z.array(z.strictObject({ slug: z.string(), name: z.string() })) }),
    freshness: { ttlMs: 300_000, staleWhileRevalidateMs: 1_800_000 },
  }),
  reviews: query({
    summary: "A product's reviews",
    input: z.strictObject({ productId }),
    output: z.strictObject({
      rating,
      items: z.array(z.strictObject({ id: reviewId, productId, stars: z.int(), text: z.string() })),
      total: z.int(),
    }),
    freshness: { ttlMs: 300_000, staleWhileRevalidateMs: 3_600_000 },
  }),
  setPrice: command({
    summary: 'Changes the price of a product',
    input: z.strictObject({ idempotencyKey, id: productId, price: money }),
    output: z.strictObject({ id: productId, price: money }),
  }),
});

const reservation = z.strictObject({ reservationId, status: z.string() });

export const inventory = service('inventory', {
  levels: query({
    summary: 'Stock of products by their ids',
    input: z.strictObject({ ids: z.array(productId).min(1).max(500) }),
    output: z.strictObject({
      items: z.array(
        z.strictObject({
          id: productId,
          status: z.enum(['in-stock', 'low', 'out']),
          available: z.int().nonnegative(),
        }),
      ),
    }),
    byIds: { ids: 'ids', items: 'items', key: 'id', max: 500 },
    freshness: { ttlMs: 5_000, staleWhileRevalidateMs: 10_000 },
  }),
  reserve: command({
    summary: 'Puts stock aside',
    input: z.strictObject({
      idempotencyKey,
      lines: z.array(z.strictObject({ productId, quantity: z.int() })),
    }),
    output: z.strictObject({ reservationId }),
    errors: { 'inventory.insufficient-stock': 409 },
  }),
  commit: command({
    summary: 'Takes reserved stock out for good',
    access,
    input: z.strictObject({ idempotencyKey, reservationId }),
    output: reservation,
    errors: { 'inventory.reservation-expired': 409, 'inventory.reservation-released': 409 },
  }),
  release: command({
    summary: 'Gives reserved stock back',
    access,
    input: z.strictObject({ idempotencyKey, reservationId }),
    output: reservation,
    errors: { 'inventory.reservation-committed': 409 },
  }),
});
