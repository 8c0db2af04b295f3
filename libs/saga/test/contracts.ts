import { command, customerId, id, idempotencyKey, money, query, service, text } from '@facet/contracts';
import { z } from 'zod';

const productId = id('product', { owner: 'nobody' });
const reservationId = id('reservation', { owner: 'customer' });
const paymentId = id('payment', { owner: 'customer' });
const orderId = id('order', { owner: 'customer' });
/** How services know whose they write is no matter of this lib. */
const access = { owner: { anybody: 'the specs have one customer' } };

/** The contracts of a small shop: what the specs of this lib write to. */
const reservation = z.strictObject({ reservationId, status: z.string() });

export const inventory = service('inventory', {
  levels: query({
    summary: 'Stock of products by their ids',
    input: z.strictObject({ ids: z.array(productId).min(1).max(500) }),
    output: z.strictObject({
      items: z.array(
        z.strictObject({
          id: productId,
          status: z.enum(['in-stock', 'low', 'out']),
          available: z.int().nonnegative(),
        }),
      ),
    }),
    byIds: { ids: 'ids', items: 'items', key: 'id', max: 500 },
    freshness: { ttlMs: 5_000, staleWhileRevalidateMs: 10_000 },
  }),
  reserve: command({
    summary: 'Puts stock aside',
    input: z.strictObject({
      idempotencyKey,
      lines: z.array(z.strictObject({ productId, quantity: z.int() })),
    }),
    output: z.strictObject({ reservationId }),
    errors: { 'inventory.insufficient-stock': 409 },
  }),
  commit: command({
    summary: 'Takes reserved stock out for good',
    access,
    input: z.strictObject({ idempotencyKey, reservationId }),
    output: reservation,
    errors: { 'inventory.reservation-expired': 409, 'inventory.reservation-released': 409 },
  }),
  release: command({
    summary: 'Gives reserved stock back',
    access,
    input: z.strictObject({ idempotencyKey, reservationId }),
    output: reservation,
    errors: { 'inventory.reservation-committed': 409 },
  }),
});

const payment = z.strictObject({
  id: paymentId,
  status: z.enum(['authorised', 'captured', 'voided', 'expired', 'refunded']),
});
const ofPayment = z.strictObject({ idempotencyKey, paymentId });

export const payments = service('payments', {
  authorise: command({
    summary: 'Holds an amount on a card',
    input: z.strictObject({ idempotencyKey, amount: money, card: text(100), reference: text(200) }),
    output: payment,
    errors: { 'payments.card-declined': 402 },
  }),
  capture: command({
    summary: 'Takes the held amount',
    access,
    input: ofPayment,
    output: payment,
    errors: { 'payments.capture-declined': 402, 'payments.not-authorised': 409 },
  }),
  void: command({
    summary: 'Lets a held amount go',
    access,
    input: ofPayment,
    output: payment,
    errors: { 'payments.already-captured': 409 },
  }),
  refund: command({ summary: 'Gives a captured amount back', access, input: ofPayment, output: payment }),
});

const order = z.strictObject({ id: orderId, status: z.string() });
const address = {
  recipient: z.string(),
  street: z.string(),
  postalCode: z.string(),
  city: z.string(),
  country: z.string(),
};

export const orders = service('orders', {
  place: command({
    summary: 'Writes an order down as pending',
    access,
    input: z.strictObject({
      idempotencyKey,
      customerId,
      lines: z.array(z.strictObject({ productId, title: z.string(), quantity: z.int(), unitPrice: money })),
      shippingAddress: z.strictObject(address),
      paymentId,
      reservationId,
    }),
    output: order,
  }),
  confirm: command({
    summary: 'Makes a pending order binding',
    access,
    input: z.strictObject({ idempotencyKey, id: orderId }),
    output: order,
    errors: { 'orders.order-cancelled': 409 },
  }),
  cancel: command({
    summary: 'Cancels a pending order',
    access,
    input: z.strictObject({ idempotencyKey, id: orderId, reason: text(200) }),
    output: order,
    errors: { 'orders.order-confirmed': 409 },
  }),
});
