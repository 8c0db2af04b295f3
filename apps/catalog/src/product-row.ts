import type { Product } from '@facet/shop-catalog';
import { getTableColumns } from 'drizzle-orm';
import { products } from './schema.js';

const { search: _search, ...columns } = getTableColumns(products);

/** What is read of a product: all but what it is found by. */
export const productColumns = columns;

export type ProductRow = Omit<typeof products.$inferSelect, 'search'>;

export function toProduct(row: ProductRow): Product {
  const { id, sku, title, brand, categoryId, summary, description, images, attributes } = row;
  return {
    id,
    sku,
    title,
    brand,
    categoryId,
    summary,
    description,
    price: { amount: row.priceAmount, currency: row.priceCurrency },
    images,
    attributes,
    rating: { average: row.ratingAverage, count: row.ratingCount },
    createdAt: row.createdAt.toISOString(),
    updatedAt: row.updatedAt.toISOString(),
  };
}
