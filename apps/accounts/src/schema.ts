import { integer, pgTable, text, unique } from 'drizzle-orm/pg-core';

export { seeds } from '@facet/service/schema';

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
