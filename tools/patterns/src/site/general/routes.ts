import { aggregate, indexBy, lookup } from '@facet/aggregation';
import { route } from '@facet/gateway';
import { catalog, product as productSchema, type Product } from '@facet/shop-catalog';
import { inventory, stockLevel, type StockLevel } from '@facet/shop-inventory';
import { recommendations } from '@facet/shop-recommendations';
import { reviews } from '@facet/shop-reviews';
import { z } from 'zod';
import { chains } from './chains.js';

/** One form of a product for every client: all of it, and its stock in each warehouse. */
const item = z.strictObject({ ...productSchema.shape, stock: stockLevel.optional() });
const items = z.strictObject({ items: z.array(item) });

const withStock = (products: readonly Product[], levels: readonly StockLevel[] | undefined) => {
  const stockOf = indexBy(levels, 'id');
  return products.map((each) => ({ ...each, stock: stockOf.get(each.id) }));
};

const featured = aggregate('general.featured', { input: catalog.featured.input })
  .required('featured', catalog.featured, { input: ({ input }) => input })
  .optional('stock', inventory.levels, {
    needs: ['featured'],
    input: ({ featured }) => ({ ids: [featured.hero.product, ...featured.items].map(({ id }) => id) }),
  })
  .shape(({ featured: { hero, items }, stock }) => {
    const [first] = withStock([hero.product], stock?.items);
    return {
      hero: { ...hero, product: first ?? hero.product },
      items: withStock(items, stock?.items),
    };
  });

const featuredAnswer = z.strictObject({
  hero: z.strictObject({ headline: z.string(), text: z.string(), product: item }),
  items: z.array(item),
});

const popular = aggregate('general.popular', { input: recommendations.popular.input })
  .required('popular', recommendations.popular, { input: ({ input }) => input })
  .required('products', catalog.productsByIds, {
    needs: ['popular'],
    input: ({ popular }) => ({ ids: popular.items.map(({ productId }) => productId) }),
  })
  .optional('stock', inventory.levels, {
    needs: ['popular'],
    input: ({ popular }) => ({ ids: popular.items.map(({ productId }) => productId) }),
  })
  .shape(({ products, stock }) => ({ items: withStock(products.items, stock?.items) }));

const product = aggregate('general.product', { input: catalog.product.input })
  .required('product', catalog.product, { input: ({ input }) => input })
  .optional('stock', inventory.levels, { input: ({ input }) => ({ ids: [input.id] }) })
  .shape(({ product, stock }) => ({ ...product, stock: stock?.items[0] }));

const related = aggregate('general.related', { input: recommendations.related.input })
  .required('related', recommendations.related, { input: ({ input }) => input })
  .required('products', catalog.productsByIds, {
    needs: ['related'],
    input: ({ related }) => ({ ids: related.items.map(({ productId }) => productId) }),
  })
  .optional('stock', inventory.levels, {
    needs: ['related'],
    input: ({ related }) => ({ ids: related.items.map(({ productId }) => productId) }),
  })
  .shape(({ related, products, stock }) => ({
    items: lookup(
      indexBy(withStock(products.items, stock?.items), 'id'),
      related.items.map(({ productId }) => productId),
    ),
  }));

const products = aggregate('general.products', { input: catalog.productsByIds.input })
  .required('products', catalog.productsByIds, { input: ({ input }) => input })
  .required('stock', inventory.levels, { input: ({ input }) => input })
  .shape(({ products, stock }) => ({ items: withStock(products.items, stock.items) }));

const open = { access: 'public' } as const;

/** Endpoints for everything in the shop, made for no client in particular. */
export const routes = [
  route('GET /v1/featured', featured, { ...open, answer: featuredAnswer }),
  route('GET /v1/categories', catalog.categories, open),
  route('GET /v1/popular', popular, { ...open, answer: items }),
  route('GET /v1/products/:id', product, { ...open, answer: item }),
  route('GET /v1/products/:productId/related', related, { ...open, answer: items }),
  route('GET /v1/products/:id/reviews', reviews.ofProduct, {
    ...open,
    input: { productId: 'path:id', page: 'query', pageSize: 'query' },
  }),
  route('GET /v1/products', products, {
    access: { scopes: ['catalog:read', 'inventory:read'] },
    answer: items,
  }),
  ...chains,
];
