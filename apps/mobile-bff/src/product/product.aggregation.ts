import { aggregate, indexBy } from '@facet/aggregation';
import { catalog, imageUrl, product as productSchema } from '@facet/shop-catalog';
import { inventory, stockStatus } from '@facet/shop-inventory';
import { recommendations } from '@facet/shop-recommendations';
import { z } from 'zod';
import { card, cardFields, imageOf, toCard } from '../card.js';

/** A product's screen on a phone: one picture, the short text, whether it can be had, and what goes with it. */
export const product = aggregate('mobile.product', {
  input: catalog.product.input,
  deadlineMs: 1_500,
})
  .required('product', catalog.product, {
    input: ({ input }) => ({ id: input.id }),
    fields: ['brand', 'summary', 'rating', ...cardFields],
  })
  .optional('related', recommendations.related, {
    input: ({ input }) => ({ productId: input.id, limit: 4 }),
    timeoutMs: 500,
    fields: ['items.productId'],
    default: { items: [] },
  })
  .optional('relatedProducts', catalog.productsByIds, {
    needs: ['related'],
    input: ({ related }) => ({ ids: related.items.map(({ productId }) => productId) }),
    fields: cardFields.map((field) => `items.${field}` as const),
    default: { items: [] },
  })
  .optional('stock', inventory.levels, {
    needs: ['related'],
    input: ({ input, related }) => ({ ids: [input.id, ...related.items.map(({ productId }) => productId)] }),
    fields: ['items.id', 'items.status'],
  })
  .budget({ bytes: 2_000, calls: { catalog: 2, inventory: 1, recommendations: 1 }, depth: 2 })
  .shape(({ product: { id, title, brand, summary, price, rating, images }, relatedProducts, stock }) => {
    const stockOf = indexBy(stock?.items, 'id');
    return {
      ...{ id, title, brand, summary, price, rating },
      image: imageOf({ images }, 'medium'),
      stock: stockOf.get(id)?.status,
      related: relatedProducts.items.map((each) => toCard(each, stockOf.get(each.id))),
    };
  });

export const productAnswer = z.strictObject({
  ...productSchema.pick({ id: true, title: true, brand: true, summary: true, price: true, rating: true })
    .shape,
  image: imageUrl,
  stock: stockStatus.optional(),
  related: z.array(card),
});
