import { sql } from 'drizzle-orm';
import { customType, index, jsonb, pgTable, primaryKey, text, timestamp } from 'drizzle-orm/pg-core';

/** Commands that were carried out, with their answers. A service with commands names it in its `schema.ts`. */
export const idempotencyKeys = pgTable(
  'idempotency_keys',
  {
    operation: text().notNull(),
    key: text().notNull(),
    /** SHA-256 of the input, to notice a key that is used for something else. */
    inputHash: text('input_hash').notNull(),
    /** `{ value }` or `{ fault }`; null only inside the transaction that carries the command out. */
    answer: jsonb(),
    createdAt: timestamp('created_at', { withTimezone: true }).notNull().defaultNow(),
  },
  (table) => [primaryKey({ columns: [table.operation, table.key] })],
);

/** What was seeded. A service with sample data names it in its `schema.ts`. */
export const seeds = pgTable('seeds', {
  name: text().primaryKey(),
  createdAt: timestamp('created_at', { withTimezone: true }).notNull().defaultNow(),
});

/** The number of a transaction, which never comes again. */
const transactionId = customType<{ data: string }>({ dataType: () => 'xid8' });

/**
 * What has changed, by the tags of the answers that depend on it. A service whose contract tags answers names it in its
 * `schema.ts`.
 */
export const answerChanges = pgTable(
  'answer_changes',
  {
    transaction: transactionId()
      .notNull()
      .default(sql`pg_current_xact_id()`),
    tags: text().array().notNull(),
    createdAt: timestamp('created_at', { withTimezone: true }).notNull().defaultNow(),
  },
  (table) => [
    index('answer_changes_by_transaction').on(table.transaction),
    index('answer_changes_by_age').on(table.createdAt),
  ],
);
