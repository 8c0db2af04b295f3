import {
  command,
  customerId,
  id,
  idempotencyKey,
  money,
  query,
  service,
  text,
  timestamp,
} from '@facet/contracts';
import { z } from 'zod';

/**
 * Cards of the sandbox. `approve` succeeds at once; `decline` is refused; `timeout` is never answered, though the
 * authorisation is made; `capture-decline` authorises, and refuses the capture.
 */
export const testCards = {
  approve: 'tok_approve',
  decline: 'tok_decline',
  timeout: 'tok_timeout',
  captureDecline: 'tok_capture_decline',
} as const;

/** An authorisation that is neither captured nor voided expires by itself. */
export const paymentStatus = z.enum(['authorised', 'captured', 'voided', 'expired', 'refunded']);

export const paymentId = id('payment', { owner: 'customer' });

export const payment = z.strictObject({
  id: paymentId,
  status: paymentStatus,
  amount: money,
  /** What it pays for, in the buyer's words. */
  reference: z.string(),
  createdAt: timestamp,
  updatedAt: timestamp,
});
export type Payment = z.infer<typeof payment>;

export const ledgerEntry = z.strictObject({
  id: id('ledger-entry', { owner: 'customer' }),
  paymentId,
  kind: z.enum(['authorise', 'capture', 'void', 'expire', 'refund', 'decline']),
  amount: money,
  createdAt: timestamp,
});

const paymentNotFound = { 'payments.payment-not-found': 404 } as const;

export const payments = service('payments', {
  payment: query({
    summary: 'One payment of a customer',
    access: { scopes: ['orders:read'], owner: 'customerId' },
    input: z.strictObject({ id: paymentId, customerId }),
    output: payment,
    errors: paymentNotFound,
  }),
  ledger: query({
    summary: 'Everything that was booked under a reference, oldest first',
    access: { roles: ['operator'] },
    input: z.strictObject({ reference: text(200).min(1) }),
    output: z.strictObject({ items: z.array(ledgerEntry) }),
  }),
  authorise: command({
    summary: 'Asks the provider to hold an amount on a card',
    access: { scopes: ['orders:write'], owner: 'customerId' },
    input: z.strictObject({
      idempotencyKey,
      customerId,
      amount: money,
      /** A card token from the provider, one of `testCards` in the sandbox. */
      card: text(100).min(1),
      reference: text(200).min(1),
      ttlSeconds: z.int().min(1).max(86_400).default(900),
    }),
    output: payment,
    errors: {
      'payments.card-declined': 402,
      'payments.unknown-card': 422,
      'payments.provider-silent': 504,
    },
  }),
  capture: command({
    summary: 'Takes the held amount',
    access: { scopes: ['orders:write'], owner: 'customerId' },
    input: z.strictObject({ idempotencyKey, customerId, paymentId }),
    output: payment,
    errors: { ...paymentNotFound, 'payments.capture-declined': 402, 'payments.not-authorised': 409 },
  }),
  void: command({
    summary: 'Lets a held amount go; doing so twice, or after it expired, changes nothing',
    access: { scopes: ['orders:write'], owner: 'customerId' },
    input: z.strictObject({ idempotencyKey, customerId, paymentId }),
    output: payment,
    errors: { ...paymentNotFound, 'payments.already-captured': 409 },
  }),
  refund: command({
    summary: 'Gives a captured amount back; doing so twice changes nothing',
    access: { scopes: ['orders:write'], owner: 'customerId' },
    input: z.strictObject({ idempotencyKey, customerId, paymentId }),
    output: payment,
    errors: { ...paymentNotFound, 'payments.not-captured': 409 },
  }),
});
