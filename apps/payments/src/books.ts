import { Injectable } from '@nestjs/common';
import type { OutputOf, ParsedInputOf } from '@facet/contracts';
import { Fault } from '@facet/platform';
import { Database, newId, type Sweeps, type Transaction } from '@facet/service';
import type { Payment, payments as contract } from '@facet/shop-payments';
import { and, asc, eq, lte, sql, type SQL } from 'drizzle-orm';
import { ledger, payments } from './schema.js';

export type PaymentRow = typeof payments.$inferSelect;
type Input<Name extends keyof typeof contract> = ParsedInputOf<(typeof contract)[Name]>;
export type EntryKind = typeof ledger.$inferSelect.kind;

/** What every entry says, whether or not there is a payment to it. */
export type Booking = Pick<PaymentRow, 'id' | 'amount' | 'currency' | 'reference'>;

export const noSuchPayment = () => new Fault('payments.payment-not-found', 404, 'there is no such payment');

/** A payment of somebody else is not there. */
export const isOf = (customerId: string, id: string) =>
  and(eq(payments.customerId, customerId), eq(payments.id, id));

/** Reads payments and the ledger. What has run out is booked as expired before anybody sees it. */
@Injectable()
export class Books implements Sweeps {
  constructor(private readonly db: Database) {}

  sweep(): Promise<void> {
    return this.db.transaction((tx) => expireOverdue(tx));
  }

  async payment({ id, customerId }: Input<'payment'>): Promise<Payment> {
    await this.db.transaction((tx) => expireOverdue(tx, eq(payments.id, id)));
    const [row] = await this.db.select().from(payments).where(isOf(customerId, id));
    if (row === undefined) throw noSuchPayment();
    return toPayment(row);
  }

  async ledger(reference: string): Promise<OutputOf<typeof contract.ledger>> {
    await this.db.transaction((tx) => expireOverdue(tx, eq(payments.reference, reference)));
    const rows = await this.db
      .select()
      .from(ledger)
      .where(eq(ledger.reference, reference))
      .orderBy(asc(ledger.number));
    return {
      items: rows.map(({ id, paymentId, kind, amount, currency, createdAt }) => ({
        id,
        paymentId,
        kind,
        amount: { amount, currency },
        createdAt: createdAt.toISOString(),
      })),
    };
  }
}

/** Ends authorisations whose time is over, those that `which` names or all. */
export async function expireOverdue(tx: Transaction, which?: SQL): Promise<void> {
  const overdue = await tx
    .update(payments)
    .set({ status: 'expired', updatedAt: sql`clock_timestamp()` })
    .where(and(eq(payments.status, 'authorised'), lte(payments.expiresAt, sql`clock_timestamp()`), which))
    .returning();
  for (const payment of overdue) await book(tx, 'expire', payment);
}

export async function book(tx: Transaction, kind: EntryKind, of: Booking): Promise<void> {
  const { id: paymentId, amount, currency, reference } = of;
  await tx.insert(ledger).values({
    id: newId('led'),
    paymentId,
    kind,
    amount,
    currency,
    reference,
    createdAt: sql`clock_timestamp()`,
  });
}

export function toPayment({ id, status, amount, currency, reference, ...row }: PaymentRow): Payment {
  return {
    id,
    status,
    amount: { amount, currency },
    reference,
    createdAt: row.createdAt.toISOString(),
    updatedAt: row.updatedAt.toISOString(),
  };
}
