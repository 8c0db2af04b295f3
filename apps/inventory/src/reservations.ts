import { Injectable } from '@nestjs/common';
import type { OutputOf, ParsedInputOf } from '@facet/contracts';
import { Fault } from '@facet/platform';
import { Commands, Database, newId, tellOfChange, type Sweeps, type Transaction } from '@facet/service';
import { inventory } from '@facet/shop-inventory';
import { and, eq, inArray, lt, ne, sql } from 'drizzle-orm';
import { allocate } from './allocation.js';
import { availabilityOf, isHolding } from './availability.js';
import { reservationLines, reservations, stock } from './schema.js';

type Input<Name extends keyof typeof inventory> = ParsedInputOf<(typeof inventory)[Name]>;
type Output<Name extends keyof typeof inventory> = OutputOf<(typeof inventory)[Name]>;

/**
 * Who decides by what is available, or changes it, first locks the stock rows of its products: so two reservations
 * never take the same piece, and none is taken out of a reservation at the moment in which it expires.
 */
@Injectable()
export class Reservations implements Sweeps {
  constructor(
    private readonly db: Database,
    private readonly commands: Commands,
  ) {}

  reserve(input: Input<'reserve'>): Promise<Output<'reserve'>> {
    const { customerId, lines, ttlSeconds } = input;
    return this.commands.once(inventory.reserve, input, async (tx) => {
      const productIds = [...new Set(lines.map(({ productId }) => productId))];
      await lockStock(tx, productIds);
      const allocations = allocate(lines, await availabilityOf(tx, productIds));
      const id = newId('rsv');
      const [made] = await tx
        .insert(reservations)
        .values({
          id,
          customerId,
          status: 'held',
          expiresAt: sql`clock_timestamp() + make_interval(secs => ${ttlSeconds})`,
        })
        .returning({ expiresAt: reservations.expiresAt });
      await tx.insert(reservationLines).values(allocations.map((line) => ({ ...line, reservationId: id })));
      if (made === undefined) throw new Error('a reservation was not written');
      await tellOfChange(tx, productIds.map(stockTag));
      return { reservationId: id, expiresAt: made.expiresAt.toISOString() };
    });
  }

  commit(input: Input<'commit'>): Promise<Output<'commit'>> {
    const { reservationId } = input;
    return this.commands.once(inventory.commit, input, async (tx) => {
      await lock(tx, input);
      const lines = await tx
        .select()
        .from(reservationLines)
        .where(eq(reservationLines.reservationId, reservationId));
      await lockStock(
        tx,
        lines.map(({ productId }) => productId),
      );
      const status = await statusOf(tx, reservationId);
      if (status === 'expired')
        throw new Fault('inventory.reservation-expired', 409, 'this reservation has expired');
      if (status === 'released')
        throw new Fault('inventory.reservation-released', 409, 'this reservation was given back');
      if (status === 'held') {
        for (const { productId, warehouse, quantity } of lines) {
          await tx
            .update(stock)
            .set({ onHand: sql`${stock.onHand} - ${quantity}` })
            .where(and(eq(stock.productId, productId), eq(stock.warehouse, warehouse)));
        }
        await mark(tx, reservationId, 'committed');
      }
      return { reservationId, status: 'committed' as const };
    });
  }

  release(input: Input<'release'>): Promise<Output<'release'>> {
    const { reservationId } = input;
    return this.commands.once(inventory.release, input, async (tx) => {
      await lock(tx, input);
      const status = await statusOf(tx, reservationId);
      if (status === 'committed') {
        throw new Fault('inventory.reservation-committed', 409, 'this reservation was taken out for good');
      }
      const ended = status === 'held' ? 'released' : status;
      await mark(tx, reservationId, ended);
      if (ended === 'released') await tellOfRelease(tx, [reservationId]);
      return { reservationId, status: ended };
    });
  }

  /** Marks what has expired, and forgets what ended long ago. */
  async sweep(): Promise<void> {
    await this.db.transaction(async (tx) => {
      const expired = await tx
        .update(reservations)
        .set({ status: 'expired' })
        .where(and(eq(reservations.status, 'held'), lt(reservations.expiresAt, sql`clock_timestamp()`)))
        .returning({ id: reservations.id });
      await tellOfRelease(
        tx,
        expired.map(({ id }) => id),
      );
    });
    await this.db
      .delete(reservations)
      .where(
        and(ne(reservations.status, 'held'), lt(reservations.createdAt, sql`now() - interval '30 days'`)),
      );
  }
}

function stockTag(productId: string): string {
  return `stock:${productId}`;
}

/** What was put aside can be sold again. Taking it out for good changes nothing: it was not to be had before either. */
async function tellOfRelease(tx: Transaction, reservationIds: readonly string[]): Promise<void> {
  if (reservationIds.length === 0) return;
  const lines = await tx
    .selectDistinct({ productId: reservationLines.productId })
    .from(reservationLines)
    .where(inArray(reservationLines.reservationId, [...reservationIds]));
  await tellOfChange(
    tx,
    lines.map(({ productId }) => stockTag(productId)),
  );
}

/** In one order for everybody, so that nobody waits in a circle. */
async function lockStock(tx: Transaction, productIds: readonly string[]): Promise<void> {
  await tx
    .select({ productId: stock.productId })
    .from(stock)
    .where(inArray(stock.productId, [...productIds]))
    .orderBy(stock.productId, stock.warehouse)
    .for('no key update');
}

/** A reservation for somebody else is not there. */
async function lock(tx: Transaction, { customerId, reservationId }: Input<'commit'>): Promise<void> {
  const found = await tx
    .select({ id: reservations.id })
    .from(reservations)
    .where(and(eq(reservations.id, reservationId), eq(reservations.customerId, customerId)))
    .for('update');
  if (found.length === 0)
    throw new Fault('inventory.reservation-not-found', 404, 'there is no such reservation');
}

async function statusOf(tx: Transaction, id: string) {
  const [row] = await tx
    .select({ status: reservations.status, isHolding: sql<boolean>`${isHolding}` })
    .from(reservations)
    .where(eq(reservations.id, id));
  if (row === undefined) throw new Error('a locked reservation vanished');
  return row.status === 'held' && !row.isHolding ? 'expired' : row.status;
}

async function mark(
  tx: Transaction,
  id: string,
  status: 'committed' | 'released' | 'expired',
): Promise<void> {
  await tx.update(reservations).set({ status }).where(eq(reservations.id, id));
}
