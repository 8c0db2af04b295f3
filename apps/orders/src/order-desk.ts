import { Injectable } from '@nestjs/common';
import type { ParsedInputOf } from '@facet/contracts';
import { Fault } from '@facet/platform';
import { Commands, newId, nextChange, tellOfChange, type Transaction } from '@facet/service';
import { orders as contract, type Order } from '@facet/shop-orders';
import { and, eq, sql } from 'drizzle-orm';
import { Expiry } from './expiry.js';
import { noSuchOrder } from './order-book.js';
import { ordersTag, withLines, type OrderRow } from './order-row.js';
import { orderChanges, orderLines, orders } from './schema.js';
import { tellSubscribers } from './webhooks/outbox.js';

type Input<Name extends keyof typeof contract> = ParsedInputOf<(typeof contract)[Name]>;

/** Writes orders down and brings them to their end. */
@Injectable()
export class OrderDesk {
  constructor(
    private readonly commands: Commands,
    private readonly expiry: Expiry,
  ) {}

  async place(input: Input<'place'>): Promise<Order> {
    // An order of the same reference that has run out must not stand in the way of this one.
    if (input.reference !== undefined) await this.expiry.ofCustomer(input.customerId);
    return this.commands.once(contract.place, input, async (tx) => {
      const [row] = await tx
        .insert(orders)
        .values({
          ...orderFrom(input),
          change: await nextChange(tx, orderChanges, input.customerId),
          createdAt: sql`clock_timestamp()`,
          updatedAt: sql`clock_timestamp()`,
          expiresAt: sql`clock_timestamp() + make_interval(secs => ${input.ttlSeconds})`,
        })
        .onConflictDoNothing()
        .returning();
      if (row === undefined) throw duplicateReference();
      await tx.insert(orderLines).values(
        input.lines.map(({ unitPrice, ...line }, index) => ({
          ...line,
          orderId: row.id,
          position: index + 1,
          unitAmount: unitPrice.amount,
          currency: unitPrice.currency,
        })),
      );
      await tellSubscribers(tx, row);
      await tellOfChange(tx, [ordersTag(row)]);
      return complete(tx, row);
    });
  }

  confirm(input: Input<'confirm'>): Promise<Order> {
    return this.commands.once(contract.confirm, input, async (tx) => {
      const order = await lock(tx, input);
      const isLate = order.status === 'pending' && order.isOverdue;
      if (order.status === 'cancelled' || isLate) {
        throw new Fault('orders.order-cancelled', 409, 'this order was cancelled, or has run out');
      }
      if (order.status !== 'pending') return complete(tx, order);
      return change(tx, order, { status: 'confirmed', expiresAt: null });
    });
  }

  cancel(input: Input<'cancel'>): Promise<Order> {
    return this.commands.once(contract.cancel, input, async (tx) => {
      const order = await lock(tx, input);
      if (order.status === 'cancelled') return complete(tx, order);
      if (order.status === 'pending') {
        return change(tx, order, { status: 'cancelled', cancelReason: input.reason });
      }
      throw new Fault('orders.order-confirmed', 409, 'this order is binding already');
    });
  }
}

function orderFrom({ lines, ...input }: Input<'place'>) {
  const currencies = new Set(lines.map(({ unitPrice }) => unitPrice.currency));
  const [currency = ''] = currencies;
  if (currencies.size > 1) {
    throw new Fault('orders.mixed-currencies', 422, 'all lines of an order are in one currency', {
      fields: [{ field: 'lines', message: `are in ${[...currencies].join(' and ')}` }],
    });
  }
  return {
    id: newId('ord'),
    customerId: input.customerId,
    reference: input.reference ?? null,
    status: 'pending' as const,
    totalAmount: lines.reduce((sum, { quantity, unitPrice }) => sum + quantity * unitPrice.amount, 0),
    currency,
    shippingAddress: input.shippingAddress,
    paymentId: input.paymentId,
    reservationId: input.reservationId,
  };
}

/** An order of another customer is not there. */
async function lock(
  tx: Transaction,
  { id, customerId }: Input<'confirm'>,
): Promise<OrderRow & { isOverdue: boolean }> {
  const [found] = await tx
    .select({
      order: orders,
      isOverdue: sql<boolean>`coalesce(${orders.expiresAt} <= clock_timestamp(), false)`,
    })
    .from(orders)
    .where(and(eq(orders.id, id), eq(orders.customerId, customerId)))
    .for('update');
  if (found === undefined) throw noSuchOrder();
  return { ...found.order, isOverdue: found.isOverdue };
}

async function change(tx: Transaction, order: OrderRow, to: Partial<OrderRow>): Promise<Order> {
  const number = await nextChange(tx, orderChanges, order.customerId);
  const [changed] = await tx
    .update(orders)
    .set({ ...to, change: number, updatedAt: sql`clock_timestamp()` })
    .where(eq(orders.id, order.id))
    .returning();
  await tellSubscribers(tx, changed ?? order);
  await tellOfChange(tx, [ordersTag(order)]);
  return complete(tx, changed ?? order);
}

async function complete(tx: Transaction, row: OrderRow): Promise<Order> {
  const [order] = await withLines(tx, [row]);
  if (order === undefined) throw new Error('an order vanished while it was read');
  return order;
}

function duplicateReference(): Fault {
  return new Fault(
    'orders.duplicate-reference',
    409,
    'this customer has an order of that reference already',
    {
      fields: [{ field: 'reference', message: 'is taken' }],
    },
  );
}
