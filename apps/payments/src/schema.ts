import { sql } from 'drizzle-orm';
import { bigint, index, integer, pgTable, text, timestamp, uniqueIndex } from 'drizzle-orm/pg-core';

export { idempotencyKeys, seeds } from '@facet/service/schema';

const moment = (name: string) => timestamp(name, { withTimezone: true });

export const payments = pgTable(
  'payments',
  {
    id: text().primaryKey(),
    customerId: text('customer_id').notNull(),
    status: text({ enum: ['authorised', 'captured', 'voided', 'expired', 'refunded'] }).notNull(),
    amount: integer().notNull(),
    currency: text().notNull(),
    card: text().notNull(),
    reference: text().notNull(),
    /** When an authorisation that is neither captured nor voided ends by itself. */
    expiresAt: moment('expires_at').notNull(),
    createdAt: moment('created_at').notNull(),
    updatedAt: moment('updated_at').notNull(),
  },
  (table) => [
    index('payments_open')
      .on(table.expiresAt)
      .where(sql`${table.status} = 'authorised'`),
  ],
);

/**
 * All that was ever booked; rows are never changed or deleted (a trigger sees to that), and nothing is booked twice for
 * a payment but a refusal. A refused authorisation has an entry and no payment.
 */
export const ledger = pgTable(
  'ledger',
  {
    number: bigint({ mode: 'number' }).primaryKey().generatedAlwaysAsIdentity(),
    id: text().notNull().unique(),
    paymentId: text('payment_id').notNull(),
    kind: text({ enum: ['authorise', 'capture', 'void', 'expire', 'refund', 'decline'] }).notNull(),
    amount: integer().notNull(),
    currency: text().notNull(),
    reference: text().notNull(),
    createdAt: moment('created_at').notNull(),
  },
  (table) => [
    index('ledger_of_reference').on(table.reference, table.number),
    uniqueIndex('ledger_books_once')
      .on(table.paymentId, table.kind)
      .where(sql`${table.kind} <> 'decline'`),
  ],
);
