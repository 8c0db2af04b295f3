import { Injectable } from '@nestjs/common';
import type { OutputOf, ParsedInputOf } from '@facet/contracts';
import { Database } from '@facet/service';
import type { catalog } from '@facet/shop-catalog';
import { asc, desc, eq } from 'drizzle-orm';
import { noSuchProduct } from './products.js';
import { products, reviews } from './schema.js';

@Injectable()
export class Reviews {
  constructor(private readonly db: Database) {}

  async ofProduct({
    productId,
    page,
    pageSize,
  }: ParsedInputOf<typeof catalog.reviews>): Promise<OutputOf<typeof catalog.reviews>> {
    const ofIt = eq(reviews.productId, productId);
    const { ratingAverage, ratingCount, starCounts } = products;
    const [[product], rows, total] = await Promise.all([
      this.db
        .select({ ratingAverage, ratingCount, starCounts })
        .from(products)
        .where(eq(products.id, productId)),
      this.db
        .select()
        .from(reviews)
        .where(ofIt)
        .orderBy(desc(reviews.createdAt), asc(reviews.id))
        .limit(pageSize)
        .offset((page - 1) * pageSize),
      this.db.$count(reviews, ofIt),
    ]);
    if (product === undefined) throw noSuchProduct();
    return {
      rating: { average: product.ratingAverage, count: product.ratingCount },
      histogram: product.starCounts,
      items: rows.map((row) => ({ ...row, createdAt: row.createdAt.toISOString() })),
      page,
      pageSize,
      total,
    };
  }
}
