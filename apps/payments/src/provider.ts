import { setTimeout as sleep } from 'node:timers/promises';
import { Injectable } from '@nestjs/common';
import type { ParsedInputOf } from '@facet/contracts';
import { Fault } from '@facet/platform';
import { Commands, newId, type ServiceContext, type Transaction } from '@facet/service';
import { payments as contract, testCards, type Payment } from '@facet/shop-payments';
import { eq, sql } from 'drizzle-orm';
import {
  book,
  expireOverdue,
  isOf,
  noSuchPayment,
  toPayment,
  type EntryKind,
  type PaymentRow,
} from './books.js';
import { payments } from './schema.js';

type Input<Name extends keyof typeof contract> = ParsedInputOf<(typeof contract)[Name]>;

/** How long a caller without a deadline is kept waiting for an answer that does not come. */
const SILENCE_MS = 30_000;

/** The sandbox: a payment provider whose answers are known beforehand, by card. */
@Injectable()
export class Provider {
  constructor(private readonly commands: Commands) {}

  async authorise(input: Input<'authorise'>, context: ServiceContext): Promise<Payment> {
    const payment = await this.commands.once(contract.authorise, input, (tx) => authorise(tx, input));
    if (input.card === testCards.timeout) await silence(context);
    return payment;
  }

  capture(input: Input<'capture'>): Promise<Payment> {
    return this.commands.once(contract.capture, input, async (tx) => {
      const payment = await lock(tx, input);
      if (payment.status === 'captured') return toPayment(payment);
      if (payment.status !== 'authorised') {
        throw new Fault('payments.not-authorised', 409, `this payment is ${payment.status}`);
      }
      if (payment.card === testCards.captureDecline) {
        await book(tx, 'decline', payment);
        return new Fault('payments.capture-declined', 402, 'the provider refused to take the amount');
      }
      return move(tx, payment, 'capture');
    });
  }

  void(input: Input<'void'>): Promise<Payment> {
    return this.commands.once(contract.void, input, async (tx) => {
      const payment = await lock(tx, input);
      if (payment.status === 'authorised') return move(tx, payment, 'void');
      if (payment.status === 'voided' || payment.status === 'expired') return toPayment(payment);
      throw new Fault('payments.already-captured', 409, `this payment is ${payment.status}`);
    });
  }

  refund(input: Input<'refund'>): Promise<Payment> {
    return this.commands.once(contract.refund, input, async (tx) => {
      const payment = await lock(tx, input);
      if (payment.status === 'captured') return move(tx, payment, 'refund');
      if (payment.status === 'refunded') return toPayment(payment);
      throw new Fault('payments.not-captured', 409, `this payment is ${payment.status}`);
    });
  }
}

async function authorise(tx: Transaction, input: Input<'authorise'>): Promise<Payment | Fault> {
  const { card, customerId, reference, ttlSeconds } = input;
  const payment = { id: newId('pay'), ...input.amount, reference };
  if (!Object.values<string>(testCards).includes(card)) {
    throw new Fault('payments.unknown-card', 422, 'the provider does not know this card', {
      fields: [{ field: 'card', message: 'is not a card of the sandbox' }],
    });
  }
  if (card === testCards.decline) {
    await book(tx, 'decline', payment);
    return new Fault('payments.card-declined', 402, 'the card was declined');
  }
  const [row] = await tx
    .insert(payments)
    .values({
      ...payment,
      customerId,
      card,
      status: 'authorised',
      createdAt: sql`clock_timestamp()`,
      updatedAt: sql`clock_timestamp()`,
      expiresAt: sql`clock_timestamp() + make_interval(secs => ${ttlSeconds})`,
    })
    .returning();
  if (row === undefined) throw new Error('a payment was not written');
  await book(tx, 'authorise', row);
  return toPayment(row);
}

const statusAfter = { capture: 'captured', void: 'voided', refund: 'refunded' } as const satisfies Partial<
  Record<EntryKind, PaymentRow['status']>
>;

async function move(tx: Transaction, payment: PaymentRow, kind: keyof typeof statusAfter): Promise<Payment> {
  const [moved] = await tx
    .update(payments)
    .set({ status: statusAfter[kind], updatedAt: sql`clock_timestamp()` })
    .where(eq(payments.id, payment.id))
    .returning();
  if (moved === undefined) throw new Error('a locked payment vanished');
  await book(tx, kind, moved);
  return toPayment(moved);
}

async function lock(tx: Transaction, { customerId, paymentId }: Input<'capture'>): Promise<PaymentRow> {
  await expireOverdue(tx, eq(payments.id, paymentId));
  const [payment] = await tx.select().from(payments).where(isOf(customerId, paymentId)).for('update');
  if (payment === undefined) throw noSuchPayment();
  return payment;
}

/** The provider has done its work and says nothing, until the caller gives up. */
async function silence({ signal }: ServiceContext): Promise<never> {
  await sleep(SILENCE_MS, undefined, { signal, ref: false });
  throw new Fault('payments.provider-silent', 504, 'the provider did not answer');
}
