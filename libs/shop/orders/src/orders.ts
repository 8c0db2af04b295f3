import {
  command,
  cursor,
  customerId,
  idempotencyKey,
  money,
  page,
  pageInfo,
  pageSize,
  query,
  service,
  text,
  timestamp,
} from '@facet/contracts';
import { address } from '@facet/shop-accounts';
import { product, productId } from '@facet/shop-catalog';
import { reservationId } from '@facet/shop-inventory';
import { paymentId } from '@facet/shop-payments';
import { z } from 'zod';
import { orderId, orderStatus, orderWebhookOperations } from './order-webhooks.js';

export const orderLine = z
  .strictObject({
    productId,
    title: product.shape.title,
    quantity: z.int().min(1).max(100),
    unitPrice: money,
  })
  .meta({ title: 'OrderLine' });

const reference = text(100).min(1);

/** An order is read under its reference (`/v1/orders/PO-1`): not where a client goes up, nor where all changes are. */
const ADDRESSABLE = /^(?!(?:\.{1,2}|changes)$)/;

export const shippingAddress = address.omit({ id: true, label: true }).meta({ title: 'ShippingAddress' });

export const order = z
  .strictObject({
    id: orderId,
    customerId,
    /** The buyer's own name for it, unique for that customer. */
    reference: z.string().nullable(),
    status: orderStatus,
    lines: z.array(orderLine),
    total: money,
    shippingAddress,
    paymentId: paymentId.nullable(),
    reservationId: reservationId.nullable(),
    createdAt: timestamp,
    updatedAt: timestamp,
  })
  .meta({ title: 'Order' });
export type Order = z.infer<typeof order>;

const orderNotFound = { 'orders.order-not-found': 404 } as const;

export const orders = service('orders', {
  ...orderWebhookOperations,
  list: query({
    summary: "A customer's orders, newest first",
    access: { scopes: ['orders:read'], owner: 'customerId' },
    input: z.strictObject({ customerId, page, pageSize }),
    output: z.strictObject({ items: z.array(order), ...pageInfo }),
    freshness: { ttlMs: 5_000, perCaller: true, tags: ['orders:{customerId}'] },
  }),
  order: query({
    summary: 'One order of a customer',
    access: { scopes: ['orders:read'], owner: 'customerId' },
    input: z.strictObject({ id: orderId, customerId }),
    output: order,
    freshness: { ttlMs: 5_000, perCaller: true, tags: ['orders:{customerId}'] },
    errors: orderNotFound,
  }),
  byReference: query({
    summary: "One order by the customer's own reference",
    access: { scopes: ['orders:read'], owner: 'customerId' },
    input: z.strictObject({ customerId, reference }),
    output: order,
    freshness: { ttlMs: 5_000, perCaller: true, tags: ['orders:{customerId}'] },
    errors: orderNotFound,
  }),
  changes: query({
    summary:
      "A customer's orders that have changed since a cursor; without one, all of them, oldest change first",
    access: { scopes: ['orders:read'], owner: 'customerId' },
    input: z.strictObject({
      customerId,
      since: cursor.optional(),
      limit: z.int().min(1).max(200).default(100),
    }),
    output: z.strictObject({ items: z.array(order), next: cursor, more: z.boolean() }),
    freshness: { ttlMs: 0, perCaller: true },
    errors: { 'orders.bad-cursor': 400 },
  }),
  place: command({
    summary: 'Writes an order down as pending; it is cancelled by itself if it is not confirmed in time',
    access: { scopes: ['orders:write'], owner: 'customerId' },
    input: z.strictObject({
      idempotencyKey,
      customerId,
      reference: reference.regex(ADDRESSABLE, 'anything but ".", ".." and "changes"').optional(),
      lines: z.array(orderLine).min(1).max(50),
      shippingAddress,
      paymentId,
      reservationId,
      ttlSeconds: z.int().min(1).max(3_600).default(300),
    }),
    output: order,
    errors: { 'orders.duplicate-reference': 409, 'orders.mixed-currencies': 422 },
  }),
  confirm: command({
    summary: 'Makes a pending order binding, after its payment was captured',
    access: { scopes: ['orders:write'], owner: 'customerId' },
    input: z.strictObject({ idempotencyKey, customerId, id: orderId }),
    output: order,
    errors: { ...orderNotFound, 'orders.order-cancelled': 409 },
  }),
  cancel: command({
    summary: 'Cancels a pending order; doing so twice changes nothing',
    access: { scopes: ['orders:write'], owner: 'customerId' },
    input: z.strictObject({ idempotencyKey, customerId, id: orderId, reason: text(200).min(1) }),
    output: order,
    errors: { ...orderNotFound, 'orders.order-confirmed': 409 },
  }),
});
