import { Injectable } from '@nestjs/common';
import type { OutputOf, ParsedInputOf } from '@facet/contracts';
import { Fault } from '@facet/platform';
import { Database, decodeCursor, encodeCursor } from '@facet/service';
import type { Order, orders as contract } from '@facet/shop-orders';
import { and, asc, desc, eq, gt, type SQL } from 'drizzle-orm';
import { Expiry } from './expiry.js';
import { withLines } from './order-row.js';
import { orders } from './schema.js';

type Input<Name extends keyof typeof contract> = ParsedInputOf<(typeof contract)[Name]>;
type Output<Name extends keyof typeof contract> = OutputOf<(typeof contract)[Name]>;

const KIND = 'orders';

/** Half of what one frame of the transport holds: orders of 50 lines each would break it, and then no reader got on. */
const MOST_BYTES = 512 * 1_024;

export const noSuchOrder = () => new Fault('orders.order-not-found', 404, 'there is no such order');

/** As many as one answer carries, and at least one. */
function fitting(items: readonly Order[]): Order[] {
  let bytes = 0;
  const end = items.findIndex((item, index) => {
    bytes += Buffer.byteLength(JSON.stringify(item));
    return bytes > MOST_BYTES && index > 0;
  });
  return items.slice(0, end === -1 ? items.length : end);
}

/** Reads the orders of one customer. Those of another are not there, whatever id is asked for. */
@Injectable()
export class OrderBook {
  constructor(
    private readonly db: Database,
    private readonly expiry: Expiry,
  ) {}

  async list({ customerId, page, pageSize }: Input<'list'>): Promise<Output<'list'>> {
    await this.expiry.ofCustomer(customerId);
    const mine = eq(orders.customerId, customerId);
    const [rows, total] = await Promise.all([
      this.db
        .select()
        .from(orders)
        .where(mine)
        .orderBy(desc(orders.createdAt), desc(orders.id))
        .limit(pageSize)
        .offset((page - 1) * pageSize),
      this.db.$count(orders, mine),
    ]);
    return { items: await withLines(this.db, rows), page, pageSize, total };
  }

  one({ id, customerId }: Input<'order'>): Promise<Order> {
    return this.find(customerId, eq(orders.id, id));
  }

  byReference({ customerId, reference }: Input<'byReference'>): Promise<Order> {
    return this.find(customerId, eq(orders.reference, reference));
  }

  async changes({ customerId, since, limit }: Input<'changes'>): Promise<Output<'changes'>> {
    const bad = { kind: KIND, code: 'orders.bad-cursor', field: 'since' };
    const after = since === undefined ? 0 : Number(decodeCursor(since, bad));
    await this.expiry.ofCustomer(customerId);
    const rows = await this.db
      .select()
      .from(orders)
      .where(and(eq(orders.customerId, customerId), gt(orders.change, after)))
      .orderBy(asc(orders.change))
      .limit(limit + 1);
    const items = fitting(await withLines(this.db, rows.slice(0, limit)));
    return {
      items,
      next: encodeCursor(KIND, rows[items.length - 1]?.change ?? after),
      more: rows.length > items.length,
    };
  }

  /** The latest where a reference was used again after its order had been cancelled. */
  private async find(customerId: string, which: SQL): Promise<Order> {
    await this.expiry.ofCustomer(customerId);
    const rows = await this.db
      .select()
      .from(orders)
      .where(and(eq(orders.customerId, customerId), which))
      .orderBy(desc(orders.createdAt))
      .limit(1);
    const [order] = await withLines(this.db, rows);
    if (order === undefined) throw noSuchOrder();
    return order;
  }
}
