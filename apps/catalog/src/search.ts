import { Injectable } from '@nestjs/common';
import type { OutputOf, ParsedInputOf } from '@facet/contracts';
import { Fault } from '@facet/platform';
import { Database } from '@facet/service';
import type { catalog } from '@facet/shop-catalog';
import { and, asc, desc, eq, sql, type SQL } from 'drizzle-orm';
import { productColumns, toProduct } from './product-row.js';
import { categories, products } from './schema.js';

type Input = ParsedInputOf<typeof catalog.products>;

/** A list of products: narrowed by category and words, sorted, cut into pages. */
@Injectable()
export class Search {
  constructor(private readonly db: Database) {}

  async products(input: Input): Promise<OutputOf<typeof catalog.products>> {
    const { page, pageSize } = input;
    const words = input.q === undefined ? undefined : asQuery(input.q);
    const where = and(
      input.category === undefined
        ? undefined
        : eq(products.categoryId, await this.categoryId(input.category)),
      words === undefined ? undefined : sql`${products.search} @@ ${words}`,
    );
    const [rows, total] = await Promise.all([
      this.db
        .select(productColumns)
        .from(products)
        .where(where)
        .orderBy(...orderOf(input.sort, words), asc(products.id))
        .limit(pageSize)
        .offset((page - 1) * pageSize),
      this.db.$count(products, where),
    ]);
    return { items: rows.map(toProduct), page, pageSize, total };
  }

  private async categoryId(slug: string): Promise<string> {
    const [found] = await this.db
      .select({ id: categories.id })
      .from(categories)
      .where(eq(categories.slug, slug));
    if (found !== undefined) return found.id;
    throw new Fault('catalog.category-not-found', 404, 'there is no such category', {
      fields: [{ field: 'category', message: 'is not the slug of a category' }],
    });
  }
}

/** All words, each as a beginning: `desk lam` finds desk lamps. Signs are no words, so none reaches the query. */
function asQuery(text: string): SQL {
  const words = text.match(/[\p{Letter}\p{Number}]+/gu) ?? [];
  return sql`to_tsquery('english', ${words.map((word) => `${word}:*`).join(' & ')})`;
}

function orderOf(sort: Input['sort'], words: SQL | undefined): SQL[] {
  switch (sort) {
    case 'price-asc':
      return [asc(products.priceAmount)];
    case 'price-desc':
      return [desc(products.priceAmount)];
    case 'rating':
      return [desc(products.ratingAverage), desc(products.ratingCount)];
    case 'newest':
      return [desc(products.createdAt)];
    case 'relevance': {
      const known = asc(products.popularity);
      return words === undefined ? [known] : [sql`ts_rank(${products.search}, ${words}) desc`, known];
    }
  }
}
