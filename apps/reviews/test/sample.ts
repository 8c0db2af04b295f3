import { products, ratings, reviews } from '@facet/shop-sample-data';

/** The sample world's reviews and stars, as this service is seeded with them. */
export function sample(): string {
  const lines = products().map(({ id }) =>
    JSON.stringify({
      productId: id,
      starCounts: ratings().get(id) ?? [0, 0, 0, 0, 0],
      reviews: reviews()
        .filter(({ productId }) => productId === id)
        .map(({ productId: _, ...review }) => review),
    }),
  );
  return `${lines.join('\n')}\n`;
}
