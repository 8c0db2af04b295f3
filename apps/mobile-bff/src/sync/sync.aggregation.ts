import { aggregate } from '@facet/aggregation';
import { ownCustomer } from '@facet/contracts';
import { catalog, product } from '@facet/shop-catalog';
import { order, orders } from '@facet/shop-orders';
import { z } from 'zod';
import { syncToken, writeSyncToken } from './sync-token.js';

/** What has changed for a phone since it asked last: its customer's orders, and prices. Without a token, all orders. */
export const sync = aggregate('mobile.sync', {
  input: z.strictObject({ since: syncToken.optional() }),
  deadlineMs: 1_500,
})
  .required('orders', orders.changes, {
    input: ({ input, caller }) => ({
      customerId: ownCustomer(caller),
      since: input.since?.orders,
      limit: 50,
    }),
    fields: ['items.id', 'items.status', 'items.total', 'items.updatedAt', 'next', 'more'],
  })
  .required('prices', catalog.priceChanges, {
    input: ({ input }) => ({ since: input.since?.prices, limit: 100 }),
    fields: ['items.id', 'items.price', 'next', 'more'],
  })
  .budget({ bytes: 16_000, calls: { orders: 1, catalog: 1 }, depth: 1 })
  .shape(({ orders: changed, prices }) => ({
    orders: changed.items,
    prices: prices.items,
    next: writeSyncToken({ orders: changed.next, prices: prices.next }),
    more: changed.more || prices.more,
  }));

export const syncAnswer = z.strictObject({
  orders: z.array(order.pick({ id: true, status: true, total: true, updatedAt: true })),
  prices: z.array(product.pick({ id: true, price: true })),
  /** The token to ask with next time. */
  next: z.string(),
  /** Whether asking with it gives more at once. */
  more: z.boolean(),
});
