import type { Database, Transaction } from '@facet/service';
import { and, eq, inArray, sql } from 'drizzle-orm';
import { reservationLines, reservations, stock, warehouses } from './schema.js';

/** What can be sold of a product from one warehouse. */
export interface Available {
  readonly productId: string;
  readonly code: string;
  readonly name: string;
  readonly available: number;
}

/** True for a reservation whose lines are put aside right now, on the database's clock. */
export const isHolding = and(
  eq(reservations.status, 'held'),
  sql`${reservations.expiresAt} > clock_timestamp()`,
);

/** Stock on hand less what reservations hold, by product and warehouse; nothing for unknown products. */
export function availabilityOf(
  db: Database | Transaction,
  productIds: readonly string[],
): Promise<Available[]> {
  const held = db
    .select({
      productId: reservationLines.productId,
      warehouse: reservationLines.warehouse,
      quantity: sql<number>`sum(${reservationLines.quantity})::int`.as('quantity'),
    })
    .from(reservationLines)
    .innerJoin(reservations, eq(reservations.id, reservationLines.reservationId))
    .where(and(inArray(reservationLines.productId, [...productIds]), isHolding))
    .groupBy(reservationLines.productId, reservationLines.warehouse)
    .as('held');
  return db
    .select({
      productId: stock.productId,
      code: warehouses.code,
      name: warehouses.name,
      available: sql<number>`${stock.onHand} - coalesce(${held.quantity}, 0)`,
    })
    .from(stock)
    .innerJoin(warehouses, eq(warehouses.code, stock.warehouse))
    .leftJoin(held, and(eq(held.productId, stock.productId), eq(held.warehouse, stock.warehouse)))
    .where(inArray(stock.productId, [...productIds]))
    .orderBy(stock.productId, warehouses.code);
}
