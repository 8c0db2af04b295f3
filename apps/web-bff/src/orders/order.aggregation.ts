import { aggregate } from '@facet/aggregation';
import { ownCustomer } from '@facet/contracts';
import { catalog } from '@facet/shop-catalog';
import { inventory } from '@facet/shop-inventory';
import { orders } from '@facet/shop-orders';
import { productIdsOf, viewWith } from './order-view.js';

/** One order of the customer's own, with pictures and stock of what was bought. */
export const order = aggregate('web.order', { input: orders.order.input.pick({ id: true }) })
  .required('found', orders.order, {
    input: ({ input, caller }) => ({ id: input.id, customerId: ownCustomer(caller) }),
  })
  .optional('products', catalog.productsByIds, {
    needs: ['found'],
    input: ({ found }) => ({ ids: productIdsOf([found]) }),
    fields: ['items.id', 'items.images'],
  })
  .optional('stock', inventory.levels, {
    needs: ['found'],
    input: ({ found }) => ({ ids: productIdsOf([found]) }),
    fields: ['items.id', 'items.status'],
  })
  .budget({ bytes: 40_000, calls: { orders: 1, catalog: 1, inventory: 1 }, depth: 2 })
  .shape(({ found, products, stock }) => viewWith({ products, stock })(found));
