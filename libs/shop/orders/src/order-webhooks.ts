import { command, customerId, id, idempotencyKey, query, text, timestamp } from '@facet/contracts';
import { z } from 'zod';

/** `pending` until its payment is captured; a pending order that is never confirmed is cancelled by its expiry. */
export const orderStatus = z.enum(['pending', 'confirmed', 'shipped', 'delivered', 'cancelled']);

export const orderId = id('order', { owner: 'customer' });
const webhookId = id('webhook', { owner: 'customer' });
const messageId = id('webhook-message', { owner: 'customer' });

/** Which statuses a partner wants to be told of. */
const statuses = z.array(orderStatus).min(1).max(orderStatus.options.length);

const subscription = z
  .strictObject({
    id: webhookId,
    url: z.string(),
    statuses,
    createdAt: timestamp,
  })
  .meta({ title: 'Subscription' });

/** A message that no attempt could deliver. */
const deadLetter = z
  .strictObject({
    /** What the receiver would have seen as `webhook-id`. */
    id: messageId,
    subscriptionId: webhookId,
    orderId,
    status: orderStatus,
    attempts: z.int(),
    /** Why the last attempt failed. */
    reason: z.string(),
    createdAt: timestamp,
    failedAt: timestamp,
  })
  .meta({ title: 'DeadLetter' });

const reading = { scopes: ['orders:read'], owner: 'customerId' };
/** What a webhook tells is what `orders:read` lets one read. */
const writing = { scopes: ['orders:read', 'webhooks:write'], owner: 'customerId' };

/** What `orders` promises about telling partners of an order's status. */
export const orderWebhookOperations = {
  subscribe: command({
    summary: 'Sends a signed message to a URL whenever an order comes to one of the statuses',
    access: writing,
    input: z.strictObject({
      idempotencyKey,
      customerId,
      url: text(2_048).min(1),
      statuses: statuses.default(orderStatus.options),
    }),
    /** The secret is shown here and never again. */
    output: subscription.extend({ secret: z.string() }),
    errors: { 'webhooks.bad-target': 422, 'orders.too-many-webhooks': 409 },
  }),
  unsubscribe: command({
    summary: 'Ends a subscription and forgets what it has not sent',
    access: writing,
    input: z.strictObject({ idempotencyKey, customerId, id: webhookId }),
    output: subscription,
    errors: { 'orders.webhook-not-found': 404 },
  }),
  subscriptions: query({
    summary: "A customer's subscriptions, newest first, without their secrets",
    access: reading,
    input: z.strictObject({ customerId }),
    output: z.strictObject({ items: z.array(subscription) }),
    freshness: { ttlMs: 0, perCaller: true },
  }),
  deadLetters: query({
    summary: 'Messages that could not be delivered, the latest first; they are kept for 30 days',
    access: reading,
    input: z.strictObject({ customerId, limit: z.int().min(1).max(200).default(100) }),
    output: z.strictObject({ items: z.array(deadLetter) }),
    freshness: { ttlMs: 0, perCaller: true },
  }),
  redeliver: command({
    summary: 'Tries to deliver a dead letter again, from the first attempt on',
    access: writing,
    input: z.strictObject({ idempotencyKey, customerId, id: messageId }),
    output: z.strictObject({ id: messageId, subscriptionId: webhookId }),
    errors: { 'orders.dead-letter-not-found': 404 },
  }),
};
