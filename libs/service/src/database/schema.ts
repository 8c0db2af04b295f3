import { jsonb, pgTable, primaryKey, text, timestamp } from 'drizzle-orm/pg-core';

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
