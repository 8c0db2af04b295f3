import { insertAll, type Seed } from '@facet/service';
import * as sample from '@facet/shop-sample-data';
import { sql } from 'drizzle-orm';
import { orderChanges, orderLines, orders } from './schema.js';

/** Two years of orders of the sample world, numbered by when they last changed. */
export const seed: Seed = {
  name: 'sample world 1',
  run: async (tx) => {
    const byChange = [...sample.orders()].sort((a, b) => (a.updatedAt < b.updatedAt ? -1 : 1));
    await insertAll(
      tx,
      orders,
      byChange.map(({ lines: _lines, total, createdAt, updatedAt, ...order }, index) => ({
        ...order,
        totalAmount: total.amount,
        currency: total.currency,
        change: index + 1,
        createdAt: new Date(createdAt),
        updatedAt: new Date(updatedAt),
      })),
    );
    await tx.execute(sql`select setval(${orderChanges.seqName ?? ''}::regclass, ${byChange.length})`);
    await insertAll(
      tx,
      orderLines,
      byChange.flatMap(({ id: orderId, lines }) =>
        lines.map(({ unitPrice, ...line }, index) => ({
          ...line,
          orderId,
          position: index + 1,
          unitAmount: unitPrice.amount,
          currency: unitPrice.currency,
        })),
      ),
    );
  },
};
