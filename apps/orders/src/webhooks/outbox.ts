import { insertAll, newId, type Transaction } from '@facet/service';
import { and, arrayContains, eq } from 'drizzle-orm';
import type { OrderRow } from '../order-row.js';
import { webhookMessages, webhookSubscriptions } from '../schema.js';

/**
 * Writes down a message for everybody who wants to know of an order's new status. It belongs to the change's own
 * transaction: either both are there afterwards, or neither.
 */
export async function tellSubscribers(tx: Transaction, order: OrderRow): Promise<void> {
  const { id: orderId, customerId, status } = order;
  const subscribers = await tx
    .select({ id: webhookSubscriptions.id })
    .from(webhookSubscriptions)
    .where(
      and(
        eq(webhookSubscriptions.customerId, customerId),
        arrayContains(webhookSubscriptions.statuses, [status]),
      ),
    )
    // An `unsubscribe` at the same time waits, rather than leave a message without a subscription.
    .for('key share');
  const body = bodyOf(order);
  await insertAll(
    tx,
    webhookMessages,
    subscribers.map(({ id: subscriptionId }) => ({
      id: newId('msg'),
      subscriptionId,
      orderId,
      status,
      body,
    })),
  );
}

/** Enough to know what to look up; who it is for and where it goes is not put on the way. */
function bodyOf({ id, reference, status, totalAmount, currency, updatedAt }: OrderRow): string {
  return JSON.stringify({
    type: `order.${status}`,
    timestamp: updatedAt.toISOString(),
    data: { id, reference, status, total: { amount: totalAmount, currency } },
  });
}
