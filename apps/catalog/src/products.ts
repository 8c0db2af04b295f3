import { Injectable } from '@nestjs/common';
import type { OutputOf, ParsedInputOf } from '@facet/contracts';
import { Fault } from '@facet/platform';
import { Database, decodeCursor, encodeCursor } from '@facet/service';
import type { catalog, Product } from '@facet/shop-catalog';
import { asc, count, eq, gt, inArray } from 'drizzle-orm';
import { productColumns, toProduct } from './product-row.js';
import { categories, features, products } from './schema.js';

export const noSuchProduct = () => new Fault('catalog.product-not-found', 404, 'there is no such product');

@Injectable()
export class Products {
  constructor(private readonly db: Database) {}

  async categories(): Promise<OutputOf<typeof catalog.categories>> {
    const { id, slug, name, description, image } = categories;
    const items = await this.db
      .select({ id, slug, name, description, productCount: count(products.id), image })
      .from(categories)
      .leftJoin(products, eq(products.categoryId, categories.id))
      .groupBy(categories.id)
      .orderBy(categories.position);
    return { items };
  }

  async featured(limit: number): Promise<OutputOf<typeof catalog.featured>> {
    const rows = await this.db
      .select({ ...productColumns, headline: features.headline, text: features.text })
      .from(features)
      .innerJoin(products, eq(products.id, features.productId))
      .orderBy(features.rank)
      .limit(limit + 1);
    const [first, ...rest] = rows;
    if (first === undefined) throw new Error('nothing is featured: the catalog is empty');
    const hero = { headline: first.headline ?? first.title, text: first.text ?? first.summary };
    return { hero: { ...hero, product: toProduct(first) }, items: rest.map(toProduct) };
  }

  async one(id: string): Promise<Product> {
    const [row] = await this.db.select(productColumns).from(products).where(eq(products.id, id));
    if (row === undefined) throw noSuchProduct();
    return toProduct(row);
  }

  async byIds(ids: readonly string[]): Promise<{ items: Product[] }> {
    const rows = await this.db
      .select(productColumns)
      .from(products)
      .where(inArray(products.id, [...new Set(ids)]));
    return { items: rows.map(toProduct) };
  }

  /** In the order of ids, which never changes. */
  async feed({ cursor, limit }: ParsedInputOf<typeof catalog.feed>): Promise<OutputOf<typeof catalog.feed>> {
    const bad = { kind: 'feed', code: 'catalog.bad-cursor', field: 'cursor' };
    const after = cursor === undefined ? '' : String(decodeCursor(cursor, bad));
    const rows = await this.db
      .select(productColumns)
      .from(products)
      .where(gt(products.id, after))
      .orderBy(asc(products.id))
      .limit(limit + 1);
    const items = rows.slice(0, limit).map(toProduct);
    const last = rows.length > limit ? items.at(-1) : undefined;
    return { items, next: last === undefined ? null : encodeCursor('feed', last.id) };
  }
}
