// Made by `npm run clients` from the document of the gateway: do not edit.

import { bindOperations, type ClientOptions, type Endpoint } from '@facet/client-runtime';
import type {
  CatalogData,
  CatalogResponses,
  StockData,
  StockResponses,
  OrderChangesData,
  OrderChangesResponses,
  OrderData,
  OrderResponses,
  OffersData,
  OffersResponses,
  OffersInBulkData,
  OffersInBulkResponses,
  PlaceOrderData,
  PlaceOrderResponses,
  UsageData,
  UsageResponses,
  WebhooksData,
  WebhooksResponses,
  AddWebhookData,
  AddWebhookResponses,
  RemoveWebhookData,
  RemoveWebhookResponses,
  DeadLettersData,
  DeadLettersResponses,
  RedeliverData,
  RedeliverResponses,
} from './models.js';

/** What every operation may end in: each code with its status. */
interface CommonProblems {
  'access.denied': 403;
  'auth.invalid-key': 401;
  'auth.invalid-proof': 401;
  'auth.invalid-request': 400;
  'auth.invalid-signature': 401;
  'auth.invalid-token': 401;
  'auth.issuer-unavailable': 503;
  'auth.keys-unavailable': 503;
  'auth.replays-unavailable': 503;
  'auth.required': 401;
  'auth.token-expired': 401;
  'http.bad-request': 400;
  'http.request-header-fields-too-large': 431;
  'http.uri-too-long': 414;
  internal: 500;
  'overload.shed': 503;
  'plan.quota-exceeded': 429;
  'plan.rate-exceeded': 429;
  'request.timeout': 504;
}

/** What an operation that calls services may end in: each code with its status. */
interface ServiceProblems {
  'input.invalid': 400;
  'upstream.bad-reply': 502;
  'upstream.error': 502;
  'upstream.no-handler': 502;
  'upstream.overloaded': 503;
  'upstream.timeout': 504;
  'upstream.unavailable': 503;
}

/** What partner-bff offers, one function for each operation. */
export interface PartnerBff {
  /** The whole catalog in a stable order, a stretch at a time. `GET /v1/catalog` */
  catalog: Endpoint<
    CatalogData,
    CatalogResponses,
    CommonProblems & ServiceProblems & { 'catalog.bad-cursor': 400 }
  >;
  /** Stock of products by their ids, over all warehouses and in each. `GET /v1/stock` */
  stock: Endpoint<StockData, StockResponses, CommonProblems & ServiceProblems>;
  /** A customer's orders that have changed since a cursor; without one, all of them, oldest change first. `GET /v1/orders/changes` */
  orderChanges: Endpoint<
    OrderChangesData,
    OrderChangesResponses,
    CommonProblems & ServiceProblems & { 'orders.bad-cursor': 400 }
  >;
  /** One order by the customer's own reference. `GET /v1/orders/{reference}` */
  order: Endpoint<
    OrderData,
    OrderResponses,
    CommonProblems & ServiceProblems & { 'orders.order-not-found': 404 }
  >;
  /** Price and stock of many products. `GET /v1/offers` */
  offers: Endpoint<OffersData, OffersResponses, CommonProblems & ServiceProblems>;
  /** Price and stock of many products, asked for in a body. `POST /v1/offers` */
  offersInBulk: Endpoint<
    OffersInBulkData,
    OffersInBulkResponses,
    CommonProblems &
      ServiceProblems & {
        'body.too-deep': 400;
        'body.too-many-values': 400;
        'http.payload-too-large': 413;
        'http.request-timeout': 408;
        'http.unsupported-media-type': 415;
      }
  >;
  /** Orders under the partner's own reference. `POST /v1/orders` */
  placeOrder: Endpoint<
    PlaceOrderData,
    PlaceOrderResponses,
    CommonProblems &
      ServiceProblems & {
        'body.too-deep': 400;
        'body.too-many-values': 400;
        'catalog.mixed-currencies': 422;
        'catalog.price-changed': 409;
        'catalog.product-not-found': 404;
        'checkout.authorise-timeout': 504;
        'checkout.authorise-unavailable': 503;
        'checkout.capture-timeout': 504;
        'checkout.capture-unavailable': 503;
        'checkout.commit-timeout': 504;
        'checkout.commit-unavailable': 503;
        'checkout.confirm-timeout': 504;
        'checkout.confirm-unavailable': 503;
        'checkout.place-timeout': 504;
        'checkout.place-unavailable': 503;
        'checkout.quote-timeout': 504;
        'checkout.quote-unavailable': 503;
        'checkout.reserve-timeout': 504;
        'checkout.reserve-unavailable': 503;
        'http.payload-too-large': 413;
        'http.request-timeout': 408;
        'http.unsupported-media-type': 415;
        'idempotency.in-progress': 409;
        'idempotency.key-malformed': 400;
        'idempotency.key-missing': 400;
        'idempotency.key-reused': 422;
        'inventory.insufficient-stock': 409;
        'inventory.product-not-found': 404;
        'inventory.reservation-expired': 409;
        'inventory.reservation-not-found': 404;
        'inventory.reservation-released': 409;
        'orders.duplicate-reference': 409;
        'orders.mixed-currencies': 422;
        'orders.order-cancelled': 409;
        'orders.order-not-found': 404;
        'payments.capture-declined': 402;
        'payments.card-declined': 402;
        'payments.not-authorised': 409;
        'payments.payment-not-found': 404;
        'payments.provider-silent': 504;
        'payments.unknown-card': 422;
      }
  >;
  /** The caller's plan, and what has been used of it. `GET /v1/usage` */
  usage: Endpoint<UsageData, UsageResponses, CommonProblems>;
  /** A customer's subscriptions, newest first, without their secrets. `GET /v1/webhooks` */
  webhooks: Endpoint<WebhooksData, WebhooksResponses, CommonProblems & ServiceProblems>;
  /** Sends a signed message to a URL whenever an order comes to one of the statuses. `POST /v1/webhooks` */
  addWebhook: Endpoint<
    AddWebhookData,
    AddWebhookResponses,
    CommonProblems &
      ServiceProblems & {
        'body.too-deep': 400;
        'body.too-many-values': 400;
        'http.payload-too-large': 413;
        'http.request-timeout': 408;
        'http.unsupported-media-type': 415;
        'idempotency.in-progress': 409;
        'idempotency.key-malformed': 400;
        'idempotency.key-missing': 400;
        'idempotency.key-reused': 422;
        'orders.too-many-webhooks': 409;
        'webhooks.bad-target': 422;
      }
  >;
  /** Ends a subscription and forgets what it has not sent. `DELETE /v1/webhooks/{id}` */
  removeWebhook: Endpoint<
    RemoveWebhookData,
    RemoveWebhookResponses,
    CommonProblems &
      ServiceProblems & {
        'idempotency.in-progress': 409;
        'idempotency.key-malformed': 400;
        'idempotency.key-missing': 400;
        'idempotency.key-reused': 422;
        'orders.webhook-not-found': 404;
      }
  >;
  /** Messages that could not be delivered, the latest first; they are kept for 30 days. `GET /v1/webhooks/dead-letters` */
  deadLetters: Endpoint<DeadLettersData, DeadLettersResponses, CommonProblems & ServiceProblems>;
  /** Tries to deliver a dead letter again, from the first attempt on. `POST /v1/webhooks/dead-letters/{id}/redeliver` */
  redeliver: Endpoint<
    RedeliverData,
    RedeliverResponses,
    CommonProblems &
      ServiceProblems & {
        'idempotency.in-progress': 409;
        'idempotency.key-malformed': 400;
        'idempotency.key-missing': 400;
        'idempotency.key-reused': 422;
        'orders.dead-letter-not-found': 404;
      }
  >;
}

/** Makes a client of partner-bff. */
export function createClient(options?: ClientOptions): PartnerBff {
  return bindOperations<PartnerBff>(operations, options);
}

const commonProblems = [
  'access.denied',
  'auth.invalid-key',
  'auth.invalid-proof',
  'auth.invalid-request',
  'auth.invalid-signature',
  'auth.invalid-token',
  'auth.issuer-unavailable',
  'auth.keys-unavailable',
  'auth.replays-unavailable',
  'auth.required',
  'auth.token-expired',
  'http.bad-request',
  'http.request-header-fields-too-large',
  'http.uri-too-long',
  'internal',
  'overload.shed',
  'plan.quota-exceeded',
  'plan.rate-exceeded',
  'request.timeout',
] as const;
const serviceProblems = [
  'input.invalid',
  'upstream.bad-reply',
  'upstream.error',
  'upstream.no-handler',
  'upstream.overloaded',
  'upstream.timeout',
  'upstream.unavailable',
] as const;

const operations = {
  catalog: {
    method: 'GET',
    path: '/v1/catalog',
    query: ['cursor', 'limit'],
    codes: [...commonProblems, ...serviceProblems, 'catalog.bad-cursor'],
  },
  stock: { method: 'GET', path: '/v1/stock', query: ['ids'], codes: [...commonProblems, ...serviceProblems] },
  orderChanges: {
    method: 'GET',
    path: '/v1/orders/changes',
    query: ['since', 'limit'],
    codes: [...commonProblems, ...serviceProblems, 'orders.bad-cursor'],
  },
  order: {
    method: 'GET',
    path: '/v1/orders/{reference}',
    codes: [...commonProblems, ...serviceProblems, 'orders.order-not-found'],
  },
  offers: {
    method: 'GET',
    path: '/v1/offers',
    query: ['ids'],
    codes: [...commonProblems, ...serviceProblems],
  },
  offersInBulk: {
    method: 'POST',
    path: '/v1/offers',
    codes: [
      ...commonProblems,
      ...serviceProblems,
      'body.too-deep',
      'body.too-many-values',
      'http.payload-too-large',
      'http.request-timeout',
      'http.unsupported-media-type',
    ],
  },
  placeOrder: {
    method: 'POST',
    path: '/v1/orders',
    once: true,
    codes: [
      ...commonProblems,
      ...serviceProblems,
      'body.too-deep',
      'body.too-many-values',
      'catalog.mixed-currencies',
      'catalog.price-changed',
      'catalog.product-not-found',
      'checkout.authorise-timeout',
      'checkout.authorise-unavailable',
      'checkout.capture-timeout',
      'checkout.capture-unavailable',
      'checkout.commit-timeout',
      'checkout.commit-unavailable',
      'checkout.confirm-timeout',
      'checkout.confirm-unavailable',
      'checkout.place-timeout',
      'checkout.place-unavailable',
      'checkout.quote-timeout',
      'checkout.quote-unavailable',
      'checkout.reserve-timeout',
      'checkout.reserve-unavailable',
      'http.payload-too-large',
      'http.request-timeout',
      'http.unsupported-media-type',
      'idempotency.in-progress',
      'idempotency.key-malformed',
      'idempotency.key-missing',
      'idempotency.key-reused',
      'inventory.insufficient-stock',
      'inventory.product-not-found',
      'inventory.reservation-expired',
      'inventory.reservation-not-found',
      'inventory.reservation-released',
      'orders.duplicate-reference',
      'orders.mixed-currencies',
      'orders.order-cancelled',
      'orders.order-not-found',
      'payments.capture-declined',
      'payments.card-declined',
      'payments.not-authorised',
      'payments.payment-not-found',
      'payments.provider-silent',
      'payments.unknown-card',
    ],
  },
  usage: { method: 'GET', path: '/v1/usage', codes: [...commonProblems] },
  webhooks: { method: 'GET', path: '/v1/webhooks', codes: [...commonProblems, ...serviceProblems] },
  addWebhook: {
    method: 'POST',
    path: '/v1/webhooks',
    once: true,
    codes: [
      ...commonProblems,
      ...serviceProblems,
      'body.too-deep',
      'body.too-many-values',
      'http.payload-too-large',
      'http.request-timeout',
      'http.unsupported-media-type',
      'idempotency.in-progress',
      'idempotency.key-malformed',
      'idempotency.key-missing',
      'idempotency.key-reused',
      'orders.too-many-webhooks',
      'webhooks.bad-target',
    ],
  },
  removeWebhook: {
    method: 'DELETE',
    path: '/v1/webhooks/{id}',
    once: true,
    codes: [
      ...commonProblems,
      ...serviceProblems,
      'idempotency.in-progress',
      'idempotency.key-malformed',
      'idempotency.key-missing',
      'idempotency.key-reused',
      'orders.webhook-not-found',
    ],
  },
  deadLetters: {
    method: 'GET',
    path: '/v1/webhooks/dead-letters',
    query: ['limit'],
    codes: [...commonProblems, ...serviceProblems],
  },
  redeliver: {
    method: 'POST',
    path: '/v1/webhooks/dead-letters/{id}/redeliver',
    once: true,
    codes: [
      ...commonProblems,
      ...serviceProblems,
      'idempotency.in-progress',
      'idempotency.key-malformed',
      'idempotency.key-missing',
      'idempotency.key-reused',
      'orders.dead-letter-not-found',
    ],
  },
} as const;
