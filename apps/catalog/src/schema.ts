import { sql } from 'drizzle-orm';
import {
  bigint,
  customType,
  doublePrecision,
  index,
  integer,
  jsonb,
  pgSequence,
  pgTable,
  text,
  timestamp,
} from 'drizzle-orm/pg-core';
import type { Product } from '@facet/shop-catalog';

export { answerChanges, idempotencyKeys, seeds } from '@facet/service/schema';

const tsvector = customType<{ data: string }>({ dataType: () => 'tsvector' });

const moment = (name: string) => timestamp(name, { withTimezone: true });

export const categories = pgTable('categories', {
  id: text().primaryKey(),
  slug: text().notNull().unique(),
  name: text().notNull(),
  description: text().notNull(),
  image: jsonb().notNull().$type<Product['images'][number]>(),
  /** Where it stands in the shop, from 1. */
  position: integer().notNull(),
});

/** Numbers price changes in the order in which they were committed. */
export const priceChanges = pgSequence('price_changes');

export const products = pgTable(
  'products',
  {
    id: text().primaryKey(),
    sku: text().notNull().unique(),
    title: text().notNull(),
    brand: text().notNull(),
    categoryId: text('category_id')
      .notNull()
      .references(() => categories.id),
    summary: text().notNull(),
    description: text().notNull(),
    priceAmount: integer('price_amount').notNull(),
    priceCurrency: text('price_currency').notNull(),
    images: jsonb().notNull().$type<Product['images']>(),
    attributes: jsonb().notNull().$type<Product['attributes']>(),
    ratingAverage: doublePrecision('rating_average').notNull(),
    ratingCount: integer('rating_count').notNull(),
    /** Its place among all, the best-known first. */
    popularity: integer().notNull(),
    /** The number of its latest price change; null where the price is the first. */
    priceChange: bigint('price_change', { mode: 'number' }).unique(),
    priceChangedAt: moment('price_changed_at'),
    createdAt: moment('created_at').notNull(),
    updatedAt: moment('updated_at').notNull(),
    search: tsvector().generatedAlwaysAs(
      sql`setweight(to_tsvector('english', title), 'A') || setweight(to_tsvector('english', brand), 'B') || setweight(to_tsvector('english', summary), 'C')`,
    ),
  },
  (table) => [
    index('products_search').using('gin', table.search),
    index('products_by_category').on(table.categoryId, table.popularity),
    index('products_by_popularity').on(table.popularity),
    index('products_by_price').on(table.priceAmount, table.id),
    index('products_by_rating').on(table.ratingAverage.desc(), table.ratingCount.desc(), table.id),
    index('products_by_age').on(table.createdAt.desc(), table.id),
  ],
);

/** What the shop opens with, in order. The first one has words of its own. */
export const features = pgTable('features', {
  rank: integer().primaryKey(),
  productId: text('product_id')
    .notNull()
    .references(() => products.id),
  headline: text(),
  text: text(),
});
