import { sql } from 'drizzle-orm';
import { check, foreignKey, index, integer, pgTable, primaryKey, text, timestamp } from 'drizzle-orm/pg-core';

export { answerChanges, idempotencyKeys, seeds } from '@facet/service/schema';

export const warehouses = pgTable('warehouses', {
  code: text().primaryKey(),
  name: text().notNull(),
});

/** What lies in a warehouse. What of it is put aside follows from the reservations that hold. */
export const stock = pgTable(
  'stock',
  {
    productId: text('product_id').notNull(),
    warehouse: text()
      .notNull()
      .references(() => warehouses.code),
    onHand: integer('on_hand').notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.productId, table.warehouse] }),
    check('stock_is_never_negative', sql`${table.onHand} >= 0`),
  ],
);

/** `held` counts until `expires_at` and no longer, whether or not anybody has marked it as expired yet. */
export const reservations = pgTable(
  'reservations',
  {
    id: text().primaryKey(),
    customerId: text('customer_id').notNull(),
    status: text({ enum: ['held', 'committed', 'released', 'expired'] }).notNull(),
    expiresAt: timestamp('expires_at', { withTimezone: true }).notNull(),
    createdAt: timestamp('created_at', { withTimezone: true }).notNull().defaultNow(),
  },
  (table) => [
    index('reservations_held')
      .on(table.expiresAt)
      .where(sql`${table.status} = 'held'`),
  ],
);

export const reservationLines = pgTable(
  'reservation_lines',
  {
    reservationId: text('reservation_id')
      .notNull()
      .references(() => reservations.id, { onDelete: 'cascade' }),
    productId: text('product_id').notNull(),
    warehouse: text().notNull(),
    quantity: integer().notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.reservationId, table.productId, table.warehouse] }),
    foreignKey({
      columns: [table.productId, table.warehouse],
      foreignColumns: [stock.productId, stock.warehouse],
    }),
    index('reservation_lines_by_stock').on(table.productId, table.warehouse),
  ],
);
