import { aggregate, indexBy } from '@facet/aggregation';
import { catalog } from '@facet/shop-catalog';
import { inventory } from '@facet/shop-inventory';
import { z } from 'zod';
import { tile, toTile } from '../tile.js';

/** A page of products, each with its stock: two calls, however many there are. */
export const products = aggregate('web.products', { input: catalog.products.input })
  .required('found', catalog.products, { input: ({ input }) => input })
  .optional('stock', inventory.levels, {
    needs: ['found'],
    input: ({ found }) => ({ ids: found.items.map(({ id }) => id) }),
    fields: ['items.id', 'items.status', 'items.available'],
  })
  .budget({ bytes: 120_000, calls: { catalog: 1, inventory: 1 }, depth: 2 })
  .shape(({ found: { items, page, pageSize, total }, stock }) => {
    const stockOf = indexBy(stock?.items, 'id');
    return { items: items.map((product) => toTile(product, stockOf.get(product.id))), page, pageSize, total };
  });

export const productsAnswer = z.strictObject({
  ...catalog.products.output.shape,
  items: z.array(tile),
});
