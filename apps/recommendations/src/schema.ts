import { doublePrecision, integer, pgTable, primaryKey, text } from 'drizzle-orm/pg-core';

export { seeds } from '@facet/service/schema';

/** What sells best, best first. */
export const popular = pgTable('popular', {
  rank: integer().primaryKey(),
  productId: text('product_id').notNull(),
  score: doublePrecision().notNull(),
});

/** What goes with each product, closest first. */
export const related = pgTable(
  'related',
  {
    productId: text('product_id').notNull(),
    rank: integer().notNull(),
    otherId: text('other_id').notNull(),
    score: doublePrecision().notNull(),
    reason: text({ enum: ['bought-together', 'same-category', 'popular'] }).notNull(),
  },
  (table) => [primaryKey({ columns: [table.productId, table.rank] })],
);
