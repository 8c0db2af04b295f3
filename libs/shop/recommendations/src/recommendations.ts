import { query, service } from '@facet/contracts';
import { productId } from '@facet/shop-catalog';
import { z } from 'zod';

const limit = z.int().min(1).max(50).default(8);

export const recommendation = z.strictObject({
  productId,
  /** Between 0 and 1, higher is closer. */
  score: z.number().min(0).max(1),
  reason: z.enum(['bought-together', 'same-category', 'popular']),
});

export const recommendations = service('recommendations', {
  popular: query({
    summary: 'What sells best, for a customer of whom nothing is known',
    input: z.strictObject({ limit }),
    output: z.strictObject({ items: z.array(recommendation) }),
    freshness: { ttlMs: 60_000, staleWhileRevalidateMs: 600_000 },
  }),
  related: query({
    summary: 'Products that go with one, closest first',
    input: z.strictObject({ productId, limit }),
    output: z.strictObject({ items: z.array(recommendation) }),
    freshness: { ttlMs: 60_000, staleWhileRevalidateMs: 600_000 },
  }),
});
