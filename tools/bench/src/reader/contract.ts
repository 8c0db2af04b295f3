import { id, money, query, service, text, timestamp } from '@facet/contracts';
import { z } from 'zod';

const productId = id('product', { owner: 'nobody' });
const orderId = id('order', { owner: 'nobody' });
const categoryId = id('category', { owner: 'nobody' });

/** A shop's contract as people write one: ids, enums, limits, patterns, URLs, dates. */
const image = z.strictObject({
  alt: z.string(),
  sizes: z.array(
    z.strictObject({
      name: z.enum(['thumb', 'small', 'medium', 'large', 'original']),
      width: z.int().positive(),
      height: z.int().positive(),
      url: z.url(),
    }),
  ),
});

const product = z.strictObject({
  id: productId,
  sku: z.string(),
  title: text(300),
  brand: z.string(),
  categoryId,
  summary: z.string(),
  description: z.string(),
  price: money,
  images: z.array(image).min(1),
  attributes: z.array(z.strictObject({ name: z.string(), value: z.string() })),
  rating: z.strictObject({ average: z.number().min(0).max(5), count: z.int().nonnegative() }),
  createdAt: timestamp,
  updatedAt: timestamp,
});

const level = z.strictObject({
  id: productId,
  status: z.enum(['in-stock', 'low', 'out']),
  available: z.int().nonnegative(),
  warehouses: z.array(
    z.strictObject({ code: z.string(), name: z.string(), available: z.int().nonnegative() }),
  ),
});

const input = z.strictObject({});

export const shelf = service('shelf', {
  featured: query({
    summary: 'What to open the shop with',
    input,
    output: z.strictObject({
      hero: z.strictObject({ headline: z.string(), text: z.string(), product }),
      items: z.array(product),
    }),
  }),
  products: query({ summary: 'Products', input, output: z.strictObject({ items: z.array(product) }) }),
  levels: query({ summary: 'Stock', input, output: z.strictObject({ items: z.array(level) }) }),
  orders: query({
    summary: 'Orders',
    input,
    output: z.strictObject({
      items: z.array(
        z.strictObject({
          id: orderId,
          status: z.enum(['pending', 'confirmed', 'shipped']),
          reference: z.string().nullable(),
          lines: z.array(
            z.strictObject({ productId, title: text(300), quantity: z.int(), unitPrice: money }),
          ),
          total: money,
          createdAt: timestamp,
        }),
      ),
      page: z.int(),
      total: z.int(),
    }),
  }),
});
