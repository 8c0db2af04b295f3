// Made by `npm run clients` from the document of the gateway: do not edit.

import { bindOperations, type ClientOptions, type Endpoint } from '@facet/client-runtime';
import type {
  HomeData,
  HomeResponses,
  ProductData,
  ProductResponses,
  ReviewsData,
  ReviewsResponses,
  OrdersData,
  OrdersResponses,
  OrderData,
  OrderResponses,
  SyncData,
  SyncResponses,
  CheckoutData,
  CheckoutResponses,
} from './models.js';

/** What every operation may end in: each code with its status. */
interface CommonProblems {
  'auth.invalid-proof': 401;
  'auth.invalid-request': 400;
  'auth.invalid-token': 401;
  'auth.issuer-unavailable': 503;
  'auth.replays-unavailable': 503;
  'auth.token-expired': 401;
  'http.bad-request': 400;
  'http.request-header-fields-too-large': 431;
  'http.uri-too-long': 414;
  'input.invalid': 400;
  internal: 500;
  'overload.shed': 503;
  'plan.quota-exceeded': 429;
  'plan.rate-exceeded': 429;
  'request.timeout': 504;
  'upstream.bad-reply': 502;
  'upstream.error': 502;
  'upstream.no-handler': 502;
  'upstream.overloaded': 503;
  'upstream.timeout': 504;
  'upstream.unavailable': 503;
}

/** What mobile-bff offers, one function for each operation. */
export interface MobileBff {
  /** The first screen. `GET /v1/home` */
  home: Endpoint<HomeData, HomeResponses, CommonProblems>;
  /** A product's screen. `GET /v1/products/{id}` */
  product: Endpoint<ProductData, ProductResponses, CommonProblems & { 'catalog.product-not-found': 404 }>;
  /** What customers say of a product: a summary, and a page of reviews, newest first. `GET /v1/products/{id}/reviews` */
  reviews: Endpoint<ReviewsData, ReviewsResponses, CommonProblems & { 'reviews.product-not-found': 404 }>;
  /** The customer's orders, newest first. `GET /v1/orders` */
  orders: Endpoint<
    OrdersData,
    OrdersResponses,
    CommonProblems & { 'access.denied': 403; 'auth.required': 401 }
  >;
  /** One order of the customer. `GET /v1/orders/{id}` */
  order: Endpoint<
    OrderData,
    OrderResponses,
    CommonProblems & { 'access.denied': 403; 'auth.required': 401; 'orders.order-not-found': 404 }
  >;
  /** What has changed since a token. `GET /v1/sync` */
  sync: Endpoint<
    SyncData,
    SyncResponses,
    CommonProblems & {
      'access.denied': 403;
      'auth.required': 401;
      'catalog.bad-cursor': 400;
      'orders.bad-cursor': 400;
    }
  >;
  /** Buys what is in the basket. `POST /v1/checkout` */
  checkout: Endpoint<
    CheckoutData,
    CheckoutResponses,
    CommonProblems & {
      'access.denied': 403;
      'accounts.customer-not-found': 404;
      'auth.required': 401;
      'body.too-deep': 400;
      'body.too-many-values': 400;
      'catalog.mixed-currencies': 422;
      'catalog.price-changed': 409;
      'catalog.product-not-found': 404;
      'checkout.address-not-found': 422;
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
}

/** Makes a client of mobile-bff. */
export function createClient(options?: ClientOptions): MobileBff {
  return bindOperations<MobileBff>(operations, options);
}

const commonProblems = [
  'auth.invalid-proof',
  'auth.invalid-request',
  'auth.invalid-token',
  'auth.issuer-unavailable',
  'auth.replays-unavailable',
  'auth.token-expired',
  'http.bad-request',
  'http.request-header-fields-too-large',
  'http.uri-too-long',
  'input.invalid',
  'internal',
  'overload.shed',
  'plan.quota-exceeded',
  'plan.rate-exceeded',
  'request.timeout',
  'upstream.bad-reply',
  'upstream.error',
  'upstream.no-handler',
  'upstream.overloaded',
  'upstream.timeout',
  'upstream.unavailable',
] as const;

const operations = {
  home: { method: 'GET', path: '/v1/home', codes: [...commonProblems] },
  product: {
    method: 'GET',
    path: '/v1/products/{id}',
    codes: [...commonProblems, 'catalog.product-not-found'],
  },
  reviews: {
    method: 'GET',
    path: '/v1/products/{id}/reviews',
    query: ['page', 'pageSize'],
    codes: [...commonProblems, 'reviews.product-not-found'],
  },
  orders: {
    method: 'GET',
    path: '/v1/orders',
    query: ['page', 'pageSize'],
    codes: [...commonProblems, 'access.denied', 'auth.required'],
  },
  order: {
    method: 'GET',
    path: '/v1/orders/{id}',
    codes: [...commonProblems, 'access.denied', 'auth.required', 'orders.order-not-found'],
  },
  sync: {
    method: 'GET',
    path: '/v1/sync',
    query: ['since'],
    codes: [...commonProblems, 'access.denied', 'auth.required', 'catalog.bad-cursor', 'orders.bad-cursor'],
  },
  checkout: {
    method: 'POST',
    path: '/v1/checkout',
    once: true,
    codes: [
      ...commonProblems,
      'access.denied',
      'accounts.customer-not-found',
      'auth.required',
      'body.too-deep',
      'body.too-many-values',
      'catalog.mixed-currencies',
      'catalog.price-changed',
      'catalog.product-not-found',
      'checkout.address-not-found',
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
} as const;
