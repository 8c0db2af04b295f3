import { Injectable } from '@nestjs/common';
import { Database, nextChange, tellOfChange, type Sweeps } from '@facet/service';
import { and, eq, lte, sql } from 'drizzle-orm';
import { ordersTag } from './order-row.js';
import { orderChanges, orders } from './schema.js';
import { tellSubscribers } from './webhooks/outbox.js';

const isOverdue = and(eq(orders.status, 'pending'), lte(orders.expiresAt, sql`clock_timestamp()`));

/** How many are looked for at once when sweeping; the next round finds the rest. */
const BATCH = 200;

/** Cancels what was not confirmed in time: on its own now and then, and before anybody looks at a customer's orders. */
@Injectable()
export class Expiry implements Sweeps {
  constructor(private readonly db: Database) {}

  async sweep(): Promise<void> {
    await this.cancelAll(await this.db.select({ id: orders.id }).from(orders).where(isOverdue).limit(BATCH));
  }

  async ofCustomer(customerId: string): Promise<void> {
    const mine = and(eq(orders.customerId, customerId), isOverdue);
    await this.cancelAll(await this.db.select({ id: orders.id }).from(orders).where(mine));
  }

  private async cancelAll(overdue: readonly { id: string }[]): Promise<void> {
    for (const { id } of overdue) await this.cancel(id);
  }

  /** Looks again under a lock: it may have been confirmed, or cancelled by another instance, in the meantime. */
  private cancel(id: string): Promise<void> {
    return this.db.transaction(async (tx) => {
      const [order] = await tx
        .select({ customerId: orders.customerId })
        .from(orders)
        .where(and(eq(orders.id, id), isOverdue))
        .for('update');
      if (order === undefined) return;
      const change = await nextChange(tx, orderChanges, order.customerId);
      const [cancelled] = await tx
        .update(orders)
        .set({
          status: 'cancelled',
          cancelReason: 'not confirmed in time',
          change,
          updatedAt: sql`clock_timestamp()`,
        })
        .where(eq(orders.id, id))
        .returning();
      if (cancelled !== undefined) await tellSubscribers(tx, cancelled);
      await tellOfChange(tx, [ordersTag(order)]);
    });
  }
}
