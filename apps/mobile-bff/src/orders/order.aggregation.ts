import { aggregate } from '@facet/aggregation';
import { ownCustomer } from '@facet/contracts';
import { catalog } from '@facet/shop-catalog';
import { inventory } from '@facet/shop-inventory';
import { orders } from '@facet/shop-orders';
import { lineWith, orderFields, orderScreen, productIdsOf } from './order-card.js';

/** One order of the customer's own, with pictures and stock of what was bought. */
export const order = aggregate('mobile.order', {
  input: orders.order.input.pick({ id: true }),
  deadlineMs: 1_500,
})
  .required('found', orders.order, {
    input: ({ input, caller }) => ({ id: input.id, customerId: ownCustomer(caller) }),
    fields: [...orderFields, 'reference', 'shippingAddress', 'lines.title', 'lines.unitPrice'],
  })
  .optional('products', catalog.productsByIds, {
    needs: ['found'],
    input: ({ found }) => ({ ids: productIdsOf([found]) }),
    fields: ['items.id', 'items.images.sizes.name', 'items.images.sizes.url'],
  })
  .optional('stock', inventory.levels, {
    needs: ['found'],
    input: ({ found }) => ({ ids: productIdsOf([found]) }),
    fields: ['items.id', 'items.status'],
  })
  .budget({ bytes: 2_500, calls: { orders: 1, catalog: 1, inventory: 1 }, depth: 2 })
  .shape(({ found, products, stock }) => ({
    ...found,
    lines: found.lines.map(lineWith({ products, stock })),
  }));

export const orderAnswer = orderScreen;
