import { route } from '@facet/gateway';
import { orders } from '@facet/shop-orders';

const reading = { scopes: ['orders:read'] };
const writing = { scopes: ['orders:read', 'webhooks:write'] };
const own = { customerId: 'caller:customerId' } as const;
const once = { ...own, idempotencyKey: 'header:idempotency-key' } as const;

/** A partner's subscriptions to the status of its orders, and what could not be delivered to it. */
export const webhookRoutes = [
  route('GET /v1/webhooks', orders.subscriptions, {
    access: reading,
    operationId: 'webhooks',
    input: own,
    audit: { 'unbounded-answer': 'A partner may have a few: orders.too-many-webhooks' },
  }),
  route('POST /v1/webhooks', orders.subscribe, {
    access: writing,
    operationId: 'addWebhook',
    input: { ...once, url: 'body', statuses: 'body' },
  }),
  route('DELETE /v1/webhooks/:id', orders.unsubscribe, {
    access: writing,
    operationId: 'removeWebhook',
    input: { ...once, id: 'path' },
  }),
  route('GET /v1/webhooks/dead-letters', orders.deadLetters, {
    access: reading,
    input: { ...own, limit: 'query' },
  }),
  route('POST /v1/webhooks/dead-letters/:id/redeliver', orders.redeliver, {
    access: writing,
    input: { ...once, id: 'path' },
  }),
];
