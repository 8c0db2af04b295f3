import type { StoredApiKey } from '@facet/shop-accounts';
import { index, integer, jsonb, pgTable, text, timestamp, unique } from 'drizzle-orm/pg-core';

export { idempotencyKeys, seeds } from '@facet/service/schema';

export const customers = pgTable('customers', {
  id: text().primaryKey(),
  name: text().notNull(),
  email: text().notNull().unique(),
  locale: text().notNull(),
});

export const addresses = pgTable(
  'addresses',
  {
    id: text().primaryKey(),
    customerId: text('customer_id')
      .notNull()
      .references(() => customers.id, { onDelete: 'cascade' }),
    /** Where it stands among the customer's own, from 1. */
    position: integer().notNull(),
    label: text().notNull(),
    recipient: text().notNull(),
    street: text().notNull(),
    postalCode: text('postal_code').notNull(),
    city: text().notNull(),
    country: text().notNull(),
  },
  (table) => [unique('address_position').on(table.customerId, table.position)],
);

const instant = (name: string) => timestamp(name, { withTimezone: true, precision: 3 });

/** The keys of partners. Only their hashes are here, so that a reader of this table cannot use one. */
export const apiKeys = pgTable(
  'api_keys',
  {
    id: text().primaryKey(),
    hash: text().notNull().unique(),
    hint: text().notNull(),
    partner: text().notNull(),
    customerId: text('customer_id').references(() => customers.id),
    scopes: text().array().notNull(),
    plan: text().notNull(),
    signingKey: jsonb('signing_key').$type<StoredApiKey['signingKey']>(),
    createdAt: instant('created_at').notNull().defaultNow(),
    expiresAt: instant('expires_at'),
    revokedAt: instant('revoked_at'),
    replacedBy: text('replaced_by'),
  },
  (table) => [index('api_key_partner').on(table.partner, table.createdAt)],
);
