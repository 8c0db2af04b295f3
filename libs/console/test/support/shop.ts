import { aggregate, indexBy } from '@facet/aggregation';
import { id as idOf, query, service } from '@facet/contracts';
import { route } from '@facet/gateway';
import { z } from 'zod';

const productId = idOf('product', { owner: 'nobody', schema: z.string().regex(/^[a-z0-9-]+$/) });
const product = z.strictObject({
  id: productId,
  name: z.string(),
  price: z.strictObject({ amount: z.int(), currency: z.string().length(3) }),
});

/** Services of a small shop: contracts for specs, which nobody implements. */
export const catalog = service('catalog', {
  featured: query({
    summary: 'What is shown first',
    input: z.strictObject({ limit: z.int() }),
    output: z.strictObject({
      hero: z.strictObject({ headline: z.string(), product }),
      items: z.array(product),
    }),
  }),
  categories: query({
    summary: 'Categories',
    input: z.strictObject({}),
    output: z.strictObject({ items: z.array(z.strictObject({ slug: z.string(), name: z.string() })) }),
    freshness: { ttlMs: 60_000 },
  }),
  productsByIds: query({
    summary: 'Products',
    input: z.strictObject({ ids: z.array(productId).max(50) }),
    output: z.strictObject({ items: z.array(product) }),
    byIds: { ids: 'ids', items: 'items', key: 'id', max: 50 },
  }),
});
export const inventory = service('inventory', {
  levels: query({
    summary: 'Stock',
    input: z.strictObject({ ids: z.array(productId).max(50) }),
    output: z.strictObject({
      items: z.array(z.strictObject({ id: productId, status: z.enum(['in-stock', 'low', 'out']) })),
    }),
    byIds: { ids: 'ids', items: 'items', key: 'id', max: 50 },
  }),
});
export const recommendations = service('recommendations', {
  popular: query({
    summary: 'What many look at',
    input: z.strictObject({ limit: z.int() }),
    output: z.strictObject({ items: z.array(z.strictObject({ productId })) }),
  }),
});

export const home = aggregate('mobile.home', { input: z.strictObject({}), deadlineMs: 1_500 })
  .required('featured', catalog.featured, { input: () => ({ limit: 6 }) })
  .optional('categories', catalog.categories, { input: () => ({}), default: { items: [] } })
  .optional('popular', recommendations.popular, {
    input: () => ({ limit: 6 }),
    timeoutMs: 500,
    default: { items: [] },
  })
  .optional('forYou', catalog.productsByIds, {
    needs: ['popular'],
    input: ({ popular }) => ({ ids: popular.items.map((each) => each.productId) }),
    default: { items: [] },
  })
  .optional('stock', inventory.levels, {
    needs: ['featured', 'popular'],
    input: ({ featured, popular }) => ({
      ids: [featured.hero.product, ...featured.items]
        .map(({ id }) => id)
        .concat(popular.items.map((each) => each.productId)),
    }),
  })
  .shape(({ featured, categories, forYou, stock }) => {
    const stockOf = indexBy(stock?.items, 'id');
    const card = (each: z.output<typeof product>) => ({
      id: each.id,
      name: each.name,
      price: each.price,
      stock: stockOf.get(each.id)?.status,
    });
    return {
      hero: { headline: featured.hero.headline, product: card(featured.hero.product) },
      featured: featured.items.map(card),
      forYou: forYou.items.map(card),
      categories: categories.items,
    };
  });

export const homeRoute = route('GET /v1/home', home, {
  access: 'public',
  answer: z.any() as never,
  summary: 'The first screen',
});
