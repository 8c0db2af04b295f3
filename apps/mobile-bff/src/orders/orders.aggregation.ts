import { aggregate } from '@facet/aggregation';
import { ownCustomer } from '@facet/contracts';
import { catalog } from '@facet/shop-catalog';
import { inventory } from '@facet/shop-inventory';
import { orders as contract } from '@facet/shop-orders';
import { z } from 'zod';
import { lineWith, orderCard, orderFields, productIdsOf } from './order-card.js';

const { page, pageSize } = contract.list.input.shape;

/** The customer's own orders, newest first. Pictures and stock are one question each, however many lines there are. */
export const orders = aggregate('mobile.orders', {
  input: z.strictObject({ page, pageSize: pageSize.unwrap().default(10) }),
  deadlineMs: 1_500,
})
  .required('found', contract.list, {
    input: ({ input, caller }) => ({ ...input, customerId: ownCustomer(caller) }),
    fields: ['total', ...orderFields.map((field) => `items.${field}` as const)],
  })
  .optional('products', catalog.productsByIds, {
    needs: ['found'],
    input: ({ found }) => ({ ids: productIdsOf(found.items) }),
    fields: ['items.id', 'items.images.sizes.name', 'items.images.sizes.url'],
  })
  .optional('stock', inventory.levels, {
    needs: ['found'],
    input: ({ found }) => ({ ids: productIdsOf(found.items) }),
    fields: ['items.id', 'items.status'],
  })
  .budget({ bytes: 8_000, calls: { orders: 1, catalog: 1, inventory: 1 }, depth: 2 })
  .shape(({ input, found: { items, total }, products, stock }) => {
    const shown = lineWith({ products, stock });
    return {
      items: items.map(({ lines, ...rest }) => ({ ...rest, lines: lines.map(shown) })),
      page: input.page,
      total,
    };
  });

export const ordersAnswer = z.strictObject({ items: z.array(orderCard), page: z.int(), total: z.int() });
