import { aggregate } from '@facet/aggregation';
import { ownCustomer } from '@facet/contracts';
import { catalog } from '@facet/shop-catalog';
import { inventory } from '@facet/shop-inventory';
import { orders as contract } from '@facet/shop-orders';
import { z } from 'zod';
import { orderView, productIdsOf, viewWith } from './order-view.js';

const { page, pageSize } = contract.list.input.shape;

/** The customer's own orders, newest first. Pictures and stock are one question each, however many lines there are. */
export const orders = aggregate('web.orders', { input: z.strictObject({ page, pageSize }) })
  .required('found', contract.list, {
    input: ({ input, caller }) => ({ ...input, customerId: ownCustomer(caller) }),
  })
  .optional('products', catalog.productsByIds, {
    needs: ['found'],
    input: ({ found }) => ({ ids: productIdsOf(found.items) }),
    fields: ['items.id', 'items.images'],
  })
  .optional('stock', inventory.levels, {
    needs: ['found'],
    input: ({ found }) => ({ ids: productIdsOf(found.items) }),
    fields: ['items.id', 'items.status'],
  })
  .budget({ bytes: 100_000, calls: { orders: 1, catalog: 1, inventory: 1 }, depth: 2 })
  .shape(({ found: { items, ...pageInfo }, products, stock }) => ({
    items: items.map(viewWith({ products, stock })),
    ...pageInfo,
  }));

export const ordersAnswer = z.strictObject({
  ...contract.list.output.shape,
  items: z.array(orderView),
});
