import { aggregate, indexBy } from '@facet/aggregation';
import { catalog, category } from '@facet/shop-catalog';
import { inventory } from '@facet/shop-inventory';
import { recommendations } from '@facet/shop-recommendations';
import { z } from 'zod';
import { card, cardFields, toCard } from '../card.js';

const cards = cardFields.map((field) => `items.${field}` as const);
const heroCard = cardFields.map((field) => `hero.product.${field}` as const);

/** A phone's first screen. */
export const home = aggregate('mobile.home', { input: z.strictObject({}), deadlineMs: 1_500 })
  .required('featured', catalog.featured, {
    input: () => ({ limit: 6 }),
    fields: ['hero.headline', ...heroCard, ...cards],
  })
  .optional('categories', catalog.categories, {
    input: () => ({}),
    fields: ['items.slug', 'items.name'],
    default: { items: [] },
  })
  .optional('popular', recommendations.popular, {
    input: () => ({ limit: 6 }),
    timeoutMs: 500,
    fields: ['items.productId'],
    default: { items: [] },
  })
  .optional('forYou', catalog.productsByIds, {
    needs: ['popular'],
    input: ({ popular }) => ({ ids: popular.items.map(({ productId }) => productId) }),
    fields: cards,
    default: { items: [] },
  })
  .optional('stock', inventory.levels, {
    needs: ['featured', 'popular'],
    input: ({ featured, popular }) => ({
      ids: [featured.hero.product, ...featured.items]
        .map(({ id }) => id)
        .concat(popular.items.map((p) => p.productId)),
    }),
    fields: ['items.id', 'items.status'],
  })
  .budget({ bytes: 4_500, calls: { catalog: 3, inventory: 1, recommendations: 1 }, depth: 2 })
  .shape(({ featured, categories, forYou, stock }) => {
    const stockOf = indexBy(stock?.items, 'id');
    const shown = (product: Parameters<typeof toCard>[0]) => toCard(product, stockOf.get(product.id));
    return {
      hero: { headline: featured.hero.headline, product: shown(featured.hero.product) },
      featured: featured.items.map(shown),
      forYou: forYou.items.map(shown),
      categories: categories.items,
    };
  });

export const homeAnswer = z.strictObject({
  hero: z.strictObject({ headline: z.string(), product: card }),
  featured: z.array(card),
  forYou: z.array(card),
  categories: z.array(category.pick({ slug: true, name: true })),
});
