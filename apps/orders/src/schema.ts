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
import type { Order } from '@facet/shop-orders';

export { answerChanges, idempotencyKeys, seeds } from '@facet/service/schema';

const statuses = ['pending', 'confirmed', 'shipped', 'delivered', 'cancelled'] as const;

const moment = (name: string) => timestamp(name, { withTimezone: true });

/** Numbers the changes of orders, for each customer in the order in which they were committed. */
export const orderChanges = pgSequence('order_changes');

export const orders = pgTable(
  'orders',
  {
    id: text().primaryKey(),
    customerId: text('customer_id').notNull(),
    reference: text(),
    status: text({ enum: statuses }).notNull(),
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

/** Whom to tell of an order's status, and of which. */
export const webhookSubscriptions = pgTable(
  'webhook_subscriptions',
  {
    id: text().primaryKey(),
    customerId: text('customer_id').notNull(),
    url: text().notNull(),
    /** What messages are signed with: both sides have to know it, so it cannot be hashed. */
    secret: text().notNull(),
    statuses: text({ enum: statuses }).array().notNull(),
    createdAt: moment('created_at').notNull().defaultNow(),
  },
  (table) => [index('webhook_subscriptions_of_customer').on(table.customerId)],
);

/** Messages on their way: written together with the change that they tell of, gone once they are delivered. */
export const webhookMessages = pgTable(
  'webhook_messages',
  {
    id: text().primaryKey(),
    subscriptionId: text('subscription_id')
      .notNull()
      .references(() => webhookSubscriptions.id, { onDelete: 'cascade' }),
    orderId: text('order_id').notNull(),
    status: text({ enum: statuses }).notNull(),
    body: text().notNull(),
    attempts: integer().notNull().default(0),
    /** Null for a dead letter. */
    nextAttemptAt: moment('next_attempt_at').defaultNow(),
    /** Why the last attempt failed. */
    reason: text(),
    /** When the last attempt of all failed. */
    failedAt: moment('failed_at'),
    createdAt: moment('created_at').notNull().defaultNow(),
  },
  (table) => [
    index('webhook_messages_due').on(table.subscriptionId, table.nextAttemptAt),
    index('webhook_messages_dead')
      .on(table.failedAt)
      .where(sql`${table.failedAt} is not null`),
  ],
);
