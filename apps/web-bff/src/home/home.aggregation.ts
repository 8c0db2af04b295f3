import { aggregate, indexBy } from '@facet/aggregation';
import { catalog, category, type Product } from '@facet/shop-catalog';
import { inventory } from '@facet/shop-inventory';
import { recommendations } from '@facet/shop-recommendations';
import { z } from 'zod';
import { tile, toTile } from '../tile.js';

/** The shop's front page. */
export const home = aggregate('web.home', { input: z.strictObject({}) })
  .required('featured', catalog.featured, { input: () => ({ limit: 12 }) })
  .optional('categories', catalog.categories, { input: () => ({}), default: { items: [] } })
  .optional('popular', recommendations.popular, {
    input: () => ({ limit: 8 }),
    timeoutMs: 500,
    default: { items: [] },
  })
  .optional('recommended', catalog.productsByIds, {
    needs: ['popular'],
    input: ({ popular }) => ({ ids: popular.items.map(({ productId }) => productId) }),
    default: { items: [] },
  })
  .optional('stock', inventory.levels, {
    needs: ['featured', 'popular'],
    input: ({ featured, popular }) => ({
      ids: [featured.hero.product, ...featured.items]
        .map(({ id }) => id)
        .concat(popular.items.map((p) => p.productId)),
    }),
    fields: ['items.id', 'items.status', 'items.available'],
  })
  .budget({ bytes: 150_000, calls: { catalog: 3, inventory: 1, recommendations: 1 }, depth: 2 })
  .shape(({ featured: { hero, items }, categories, recommended, stock }) => {
    const stockOf = indexBy(stock?.items, 'id');
    const shown = (product: Product) => toTile(product, stockOf.get(product.id));
    return {
      hero: { headline: hero.headline, text: hero.text, product: shown(hero.product) },
      featured: items.map(shown),
      recommended: recommended.items.map(shown),
      categories: categories.items,
    };
  });

export const homeAnswer = z.strictObject({
  hero: z.strictObject({ headline: z.string(), text: z.string(), product: tile }),
  featured: z.array(tile),
  recommended: z.array(tile),
  categories: z.array(category),
});
