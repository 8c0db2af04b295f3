import { insertAll, type Seed } from '@facet/service';
import * as sample from '@facet/shop-sample-data';
import { categories, features, products } from './schema.js';

/** The sample world's shop window and shelves. */
export const seed: Seed = {
  name: 'sample world 1',
  run: async (tx) => {
    await insertAll(
      tx,
      categories,
      sample.categories().map((category, index) => ({ ...category, position: index + 1 })),
    );
    const popularity = new Map(sample.byPopularity().map(({ id }, index) => [id, index + 1]));
    await insertAll(
      tx,
      products,
      sample.products().map(({ kind: _kind, price, ...product }) => ({
        ...product,
        priceAmount: price.amount,
        priceCurrency: price.currency,
        ...ratingOf(product.id),
        popularity: popularity.get(product.id) ?? popularity.size,
        createdAt: new Date(product.createdAt),
        updatedAt: new Date(product.updatedAt),
      })),
    );
    await insertAll(tx, features, featured());
  },
};

function ratingOf(productId: string) {
  const starCounts = sample.ratings().get(productId) ?? [0, 0, 0, 0, 0];
  const ratingCount = starCounts.reduce((sum, count) => sum + count, 0);
  const stars = starCounts.reduce((sum, count, index) => sum + count * (index + 1), 0);
  const ratingAverage = ratingCount === 0 ? 0 : Math.round((stars / ratingCount) * 10) / 10;
  return { ratingCount, ratingAverage };
}

/** The best-known of each category in turn, five rounds of them. */
function featured() {
  const taken = new Map<string, number>();
  const rounds = sample.byPopularity().map((product) => {
    const round = taken.get(product.categoryId) ?? 0;
    taken.set(product.categoryId, round + 1);
    return { product, round };
  });
  return rounds
    .filter(({ round }) => round < 5)
    .sort((a, b) => a.round - b.round)
    .map(({ product }, rank) => ({
      rank,
      productId: product.id,
      headline: rank === 0 ? 'Made to be kept' : null,
      text: rank === 0 ? `${product.title}: ${product.summary}` : null,
    }));
}
