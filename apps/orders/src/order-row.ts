import type { Database, Transaction } from '@facet/service';
import type { Order } from '@facet/shop-orders';
import { asc, inArray } from 'drizzle-orm';
import type { orders } from './schema.js';
import { orderLines } from './schema.js';

export type OrderRow = typeof orders.$inferSelect;
type LineRow = typeof orderLines.$inferSelect;

/** Completes orders by their lines, in the order given. */
export async function withLines(db: Database | Transaction, rows: readonly OrderRow[]): Promise<Order[]> {
  if (rows.length === 0) return [];
  const lines = await db
    .select()
    .from(orderLines)
    .where(
      inArray(
        orderLines.orderId,
        rows.map(({ id }) => id),
      ),
    )
    .orderBy(asc(orderLines.orderId), asc(orderLines.position));
  const byOrder = new Map<string, LineRow[]>(rows.map(({ id }) => [id, []]));
  for (const line of lines) byOrder.get(line.orderId)?.push(line);
  return rows.map((row) => toOrder(row, byOrder.get(row.id) ?? []));
}

function toOrder(row: OrderRow, lines: readonly LineRow[]): Order {
  const { id, customerId, reference, status, shippingAddress, paymentId, reservationId } = row;
  return {
    id,
    customerId,
    reference,
    status,
    lines: lines.map(({ productId, title, quantity, unitAmount, currency }) => ({
      productId,
      title,
      quantity,
      unitPrice: { amount: unitAmount, currency },
    })),
    total: { amount: row.totalAmount, currency: row.currency },
    shippingAddress,
    paymentId,
    reservationId,
    createdAt: row.createdAt.toISOString(),
    updatedAt: row.updatedAt.toISOString(),
  };
}

/** What all answers about a customer's orders depend on. */
export function ordersTag({ customerId }: Pick<OrderRow, 'customerId'>): string {
  return `orders:${customerId}`;
}
