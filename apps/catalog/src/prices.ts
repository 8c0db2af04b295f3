import { Injectable } from '@nestjs/common';
import type { OutputOf, ParsedInputOf } from '@facet/contracts';
import { Fault } from '@facet/platform';
import { Commands, Database, decodeCursor, encodeCursor, nextChange, tellOfChange } from '@facet/service';
import { catalog } from '@facet/shop-catalog';
import { asc, eq, gt, sql } from 'drizzle-orm';
import { noSuchProduct } from './products.js';
import { priceChanges, products } from './schema.js';

const KIND = 'prices';

@Injectable()
export class Prices {
  constructor(
    private readonly db: Database,
    private readonly commands: Commands,
  ) {}

  set(input: ParsedInputOf<typeof catalog.setPrice>): Promise<OutputOf<typeof catalog.setPrice>> {
    const { id, price } = input;
    return this.commands.once(catalog.setPrice, input, async (tx) => {
      const [product] = await tx
        .select({ currency: products.priceCurrency })
        .from(products)
        .where(eq(products.id, id))
        .for('update');
      if (product === undefined) throw noSuchProduct();
      if (product.currency !== price.currency) {
        throw new Fault('catalog.currency-mismatch', 422, `this product is sold in ${product.currency}`, {
          fields: [{ field: 'price.currency', message: `is not ${product.currency}` }],
        });
      }
      const priceChange = await nextChange(tx, priceChanges, 'all');
      const now = new Date();
      await tx
        .update(products)
        .set({ priceAmount: price.amount, priceChange, priceChangedAt: now, updatedAt: now })
        .where(eq(products.id, id));
      await tellOfChange(tx, [`product:${id}`, 'products']);
      return { id, price, changedAt: now.toISOString() };
    });
  }

  /** Each product once, with the price it has now, in the order of the latest changes. */
  async changes({
    since,
    limit,
  }: ParsedInputOf<typeof catalog.priceChanges>): Promise<OutputOf<typeof catalog.priceChanges>> {
    if (since === undefined) return { items: [], next: encodeCursor(KIND, await this.latest()), more: false };
    const after = Number(decodeCursor(since, { kind: KIND, code: 'catalog.bad-cursor', field: 'since' }));
    const { id, priceAmount, priceCurrency, priceChange, priceChangedAt, updatedAt } = products;
    const rows = await this.db
      .select({ id, priceAmount, priceCurrency, priceChange, priceChangedAt, updatedAt })
      .from(products)
      .where(gt(priceChange, after))
      .orderBy(asc(priceChange))
      .limit(limit + 1);
    const shown = rows.slice(0, limit);
    return {
      items: shown.map((row) => ({
        id: row.id,
        price: { amount: row.priceAmount, currency: row.priceCurrency },
        changedAt: (row.priceChangedAt ?? row.updatedAt).toISOString(),
      })),
      next: encodeCursor(KIND, shown.at(-1)?.priceChange ?? after),
      more: rows.length > limit,
    };
  }

  private async latest(): Promise<number> {
    const [row] = await this.db
      .select({ latest: sql<string>`coalesce(max(${products.priceChange}), 0)` })
      .from(products);
    return Number(row?.latest);
  }
}
