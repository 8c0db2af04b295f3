import { products, type SampleProduct } from './products.js';
import { once, Random } from './random.js';

/** Products from the best-known to the least. */
export const byPopularity = once((): readonly SampleProduct[] => {
  const all = products();
  return new Random('popularity').sample(all, all.length);
});

/** How often the product at a rank is bought, relative to the others: a long tail, with no single hit on top. */
export function weightOfRank(rank: number): number {
  return 1 / (rank + 12);
}

/** Each category's products, best-known first, by the category's id. */
export const shelves = once((): ReadonlyMap<string, readonly SampleProduct[]> => {
  const byCategory = new Map<string, SampleProduct[]>();
  for (const product of byPopularity()) {
    const shelf = byCategory.get(product.categoryId);
    if (shelf === undefined) byCategory.set(product.categoryId, [product]);
    else shelf.push(product);
  }
  return byCategory;
});
