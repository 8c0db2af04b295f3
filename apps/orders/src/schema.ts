import { sql } from 'drizzle-orm';
import {
  bigint,
  index,
  integer,
  jsonb,
  pgSequence,
  pgTable,
  primaryKey,
  text,
  timestamp,
  uniqueIndex,
} from 'drizzle-orm/pg-core';
import type { Order } from '@facet/contracts';

export { idempotencyKeys, seeds } from '@facet/service/schema';

const moment = (name: string) => timestamp(name, { withTimezone: true });

/** Numbers the changes of orders, for each customer in the order in which they were committed. */
export const orderChanges = pgSequence('order_changes');

export const orders = pgTable(
  'orders',
  {
    id: text().primaryKey(),
    customerId: text('customer_id').notNull(),
    reference: text(),
    status: text({ enum: ['pending', 'confirmed', 'shipped', 'delivered', 'cancelled'] }).notNull(),
    totalAmount: integer('total_amount').notNull(),
    currency: text().notNull(),
    shippingAddress: jsonb('shipping_address').notNull().$type<Order['shippingAddress']>(),
    paymentId: text('payment_id'),
    reservationId: text('reservation_id'),
    /** When a pending order is cancelled by itself. */
    expiresAt: moment('expires_at'),
    cancelReason: text('cancel_reason'),
    /** The number of its latest change. */
    change: bigint({ mode: 'number' }).notNull().unique(),
    createdAt: moment('created_at').notNull(),
    updatedAt: moment('updated_at').notNull(),
  },
  (table) => [
    index('orders_of_customer').on(table.customerId, table.createdAt.desc(), table.id.desc()),
    index('order_changes_of_customer').on(table.customerId, table.change),
    uniqueIndex('orders_by_reference')
      .on(table.customerId, table.reference)
      .where(sql`${table.status} <> 'cancelled'`),
    index('orders_pending')
      .on(table.expiresAt)
      .where(sql`${table.status} = 'pending'`),
  ],
);

export const orderLines = pgTable(
  'order_lines',
  {
    orderId: text('order_id')
      .notNull()
      .references(() => orders.id, { onDelete: 'cascade' }),
    /** Where it stands in the order, from 1. */
    position: integer().notNull(),
    productId: text('product_id').notNull(),
    title: text().notNull(),
    quantity: integer().notNull(),
    unitAmount: integer('unit_amount').notNull(),
    currency: text().notNull(),
  },
  (table) => [primaryKey({ columns: [table.orderId, table.position] })],
);
