import { Injectable } from '@nestjs/common';
import type { OutputOf, ParsedInputOf } from '@facet/contracts';
import { Fault } from '@facet/platform';
import { Commands, Database } from '@facet/service';
import { orders } from '@facet/shop-orders';
import { and, desc, eq, isNotNull, sql } from 'drizzle-orm';
import { webhookMessages, webhookSubscriptions } from '../schema.js';

/** Messages to the subscriptions of one customer that no attempt could deliver. */
@Injectable()
export class DeadLetters {
  constructor(
    private readonly db: Database,
    private readonly commands: Commands,
  ) {}

  async list({
    customerId,
    limit,
  }: ParsedInputOf<typeof orders.deadLetters>): Promise<OutputOf<typeof orders.deadLetters>> {
    const rows = await this.db
      .select({ message: webhookMessages })
      .from(webhookMessages)
      .innerJoin(webhookSubscriptions, eq(webhookSubscriptions.id, webhookMessages.subscriptionId))
      .where(and(eq(webhookSubscriptions.customerId, customerId), isNotNull(webhookMessages.failedAt)))
      .orderBy(desc(webhookMessages.failedAt), webhookMessages.id)
      .limit(limit);
    return { items: rows.flatMap(({ message }) => shown(message)) };
  }

  redeliver(input: ParsedInputOf<typeof orders.redeliver>): Promise<OutputOf<typeof orders.redeliver>> {
    const { id, customerId } = input;
    return this.commands.once(orders.redeliver, input, async (tx) => {
      const [row] = await tx
        .update(webhookMessages)
        .set({ attempts: 0, nextAttemptAt: sql`clock_timestamp()`, failedAt: null, reason: null })
        .from(webhookSubscriptions)
        .where(
          and(
            eq(webhookMessages.id, id),
            isNotNull(webhookMessages.failedAt),
            eq(webhookSubscriptions.id, webhookMessages.subscriptionId),
            eq(webhookSubscriptions.customerId, customerId),
          ),
        )
        .returning({ id: webhookMessages.id, subscriptionId: webhookMessages.subscriptionId });
      if (row === undefined)
        throw new Fault('orders.dead-letter-not-found', 404, 'there is no such dead letter');
      return row;
    });
  }
}

function shown(row: typeof webhookMessages.$inferSelect) {
  const { id, subscriptionId, orderId, status, attempts, reason, createdAt, failedAt } = row;
  if (failedAt === null) return [];
  return {
    ...{ id, subscriptionId, orderId, status, attempts },
    reason: reason ?? '',
    createdAt: createdAt.toISOString(),
    failedAt: failedAt.toISOString(),
  };
}
