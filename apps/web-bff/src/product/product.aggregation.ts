import { aggregate, lookup, indexBy } from '@facet/aggregation';
import { catalog, product as productSchema } from '@facet/shop-catalog';
import { inventory, stockLevel } from '@facet/shop-inventory';
import { recommendations } from '@facet/shop-recommendations';
import { reviews } from '@facet/shop-reviews';
import { z } from 'zod';

/** A product's page. Reviews and related products follow when the page asks for a stream. */
export const product = aggregate('web.product', { input: catalog.product.input })
  .required('product', catalog.product, { input: ({ input }) => ({ id: input.id }), opaque: true })
  .optional('stock', inventory.levels, { input: ({ input }) => ({ ids: [input.id] }) })
  .deferred('reviews', reviews.ofProduct, {
    input: ({ input }) => ({ productId: input.id, pageSize: 10 }),
    opaque: true,
  })
  .deferred('relations', recommendations.related, {
    input: ({ input }) => ({ productId: input.id, limit: 8 }),
    hidden: true,
  })
  .deferred('related', catalog.productsByIds, {
    needs: ['relations'],
    input: ({ relations }) => relations && { ids: relations.items.map(({ productId }) => productId) },
    shape: ({ relations, related }) =>
      lookup(indexBy(related.items, 'id'), relations?.items.map(({ productId }) => productId) ?? []),
  })
  .budget({ bytes: 60_000, calls: { catalog: 2, inventory: 1, recommendations: 1, reviews: 1 }, depth: 2 })
  .shape(({ product, stock }) => ({ product, stock: stock?.items[0] }));

export const productAnswer = z.strictObject({
  product: productSchema,
  stock: stockLevel.optional(),
  reviews: reviews.ofProduct.output.optional(),
  related: z.array(productSchema).optional(),
});
