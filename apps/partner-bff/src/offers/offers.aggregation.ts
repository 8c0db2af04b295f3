import { aggregate, indexBy } from '@facet/aggregation';
import { catalog, product } from '@facet/shop-catalog';
import { inventory, stockStatus } from '@facet/shop-inventory';
import { z } from 'zod';

/** Price and stock of up to 500 products, joined by id. Ids that nobody knows are left out. */
export const offers = aggregate('partner.offers', { input: inventory.levels.input, deadlineMs: 5_000 })
  .required('products', catalog.productsByIds, {
    input: ({ input }) => ({ ids: input.ids }),
    fields: ['items.id', 'items.sku', 'items.price'],
  })
  .required('stock', inventory.levels, {
    input: ({ input }) => ({ ids: input.ids }),
    fields: ['items.id', 'items.status', 'items.available'],
  })
  .budget({ calls: { catalog: 5, inventory: 1 }, depth: 1 })
  .shape(({ products, stock }) => {
    const stockOf = indexBy(stock.items, 'id');
    return {
      items: products.items.map((each) => {
        const { status = 'out', available = 0 } = stockOf.get(each.id) ?? {};
        return { ...each, stock: { status, available } };
      }),
    };
  });

export const offersAnswer = z.strictObject({
  items: z.array(
    z.strictObject({
      ...product.pick({ id: true, sku: true, price: true }).shape,
      stock: z.strictObject({ status: stockStatus, available: z.int() }),
    }),
  ),
});
