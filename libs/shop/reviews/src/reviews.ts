import { id, page, pageInfo, pageSize, query, service, timestamp } from '@facet/contracts';
import { productId, rating } from '@facet/shop-catalog';
import { z } from 'zod';

const reviewId = id('review', { owner: 'nobody' });

export const review = z
  .strictObject({
    id: reviewId,
    productId,
    author: z.string(),
    stars: z.int().min(1).max(5),
    title: z.string(),
    text: z.string(),
    createdAt: timestamp,
  })
  .meta({ title: 'Review' });

/** A service that speaks HTTP: it knows nothing of gateways, and this is what they know of it. */
export const reviews = service('reviews', {
  ofProduct: query({
    summary: 'What customers say of a product: a summary, and a page of reviews, newest first',
    http: { method: 'GET', path: '/products/{productId}/reviews' },
    input: z.strictObject({ productId, page, pageSize: pageSize.default(10) }),
    output: z.strictObject({
      rating,
      /** How many gave one to five stars, in this order; only some of them wrote a review. */
      histogram: z.array(z.int().nonnegative()).length(5),
      items: z.array(review),
      ...pageInfo,
    }),
    freshness: { ttlMs: 5 * 60_000, staleWhileRevalidateMs: 60 * 60_000 },
    errors: { 'reviews.product-not-found': 404 },
  }),
});
