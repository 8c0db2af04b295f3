import { Injectable } from '@nestjs/common';
import type { OutputOf } from '@facet/contracts';
import { Database } from '@facet/service';
import type { recommendations } from '@facet/shop-recommendations';
import { eq, sql } from 'drizzle-orm';
import { popular, related } from './schema.js';

@Injectable()
export class Recommender {
  constructor(private readonly db: Database) {}

  async popular(limit: number): Promise<OutputOf<typeof recommendations.popular>> {
    const { productId, score, rank } = popular;
    const reason = sql<'popular'>`'popular'`;
    return {
      items: await this.db.select({ productId, score, reason }).from(popular).orderBy(rank).limit(limit),
    };
  }

  /** Nothing for a product that it does not know: a new one is no mistake. */
  async related(to: string, limit: number): Promise<OutputOf<typeof recommendations.related>> {
    const { otherId: productId, score, reason, rank } = related;
    const items = await this.db
      .select({ productId, score, reason })
      .from(related)
      .where(eq(related.productId, to))
      .orderBy(rank)
      .limit(limit);
    return { items };
  }
}
