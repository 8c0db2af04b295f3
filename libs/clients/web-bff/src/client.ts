// Made by `npm run clients` from the document of the gateway: do not edit.

import {
  bindOperations,
  type ClientOptions,
  type Endpoint,
  type StreamedEndpoint,
} from '@facet/client-runtime';
import type {
  HomeData,
  HomeResponses,
  CategoriesData,
  CategoriesResponses,
  ProductsData,
  ProductsResponses,
  ProductData,
  ProductResponses,
  ProductPiece,
  ReviewsData,
  ReviewsResponses,
  SearchData,
  SearchResponses,
  SearchPiece,
  AccountData,
  AccountResponses,
  OrdersData,
  OrdersResponses,
  OrderData,
  OrderResponses,
  CheckoutData,
  CheckoutResponses,
  UserData,
  UserResponses,
  SignOutData,
  SignOutResponses,
  SessionsData,
  SessionsResponses,
  EndOtherSessionsData,
  EndOtherSessionsResponses,
  EndSessionData,
  EndSessionResponses,
} from './models.js';

/** What every operation may end in: each code with its status. */
interface CommonProblems {
  'auth.csrf-header-missing': 401;
  'auth.foreign-origin': 403;
  'auth.session-ended': 401;
  'http.bad-request': 400;
  'http.request-header-fields-too-large': 431;
  'http.uri-too-long': 414;
  internal: 500;
  'overload.shed': 503;
  'plan.quota-exceeded': 429;
  'plan.rate-exceeded': 429;
  'request.timeout': 504;
  'session.store-unavailable': 503;
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

/** What web-bff offers, one function for each operation. */
export interface WebBff {
  /** The shop's front page. `GET /api/home` */
  home: Endpoint<HomeData, HomeResponses, CommonProblems & ServiceProblems>;
  /** All categories with the number of their products. `GET /api/categories` */
  categories: Endpoint<CategoriesData, CategoriesResponses, CommonProblems & ServiceProblems>;
  /** Products by category and words. `GET /api/products` */
  products: Endpoint<
    ProductsData,
    ProductsResponses,
    CommonProblems & ServiceProblems & { 'catalog.category-not-found': 404 }
  >;
  /** A product's page. `GET /api/products/{id}` */
  product: StreamedEndpoint<
    ProductData,
    ProductResponses,
    CommonProblems & ServiceProblems & { 'catalog.product-not-found': 404 },
    ProductPiece
  >;
  /** What customers say of a product: a summary, and a page of reviews, newest first. `GET /api/products/{id}/reviews` */
  reviews: Endpoint<
    ReviewsData,
    ReviewsResponses,
    CommonProblems & ServiceProblems & { 'reviews.product-not-found': 404 }
  >;
  /** Products by words. `GET /api/search` */
  search: StreamedEndpoint<
    SearchData,
    SearchResponses,
    CommonProblems & ServiceProblems & { 'catalog.category-not-found': 404 },
    SearchPiece
  >;
  /** One customer with addresses. `GET /api/account` */
  account: Endpoint<
    AccountData,
    AccountResponses,
    CommonProblems &
      ServiceProblems & { 'access.denied': 403; 'accounts.customer-not-found': 404; 'auth.required': 401 }
  >;
  /** The customer's orders, newest first. `GET /api/orders` */
  orders: Endpoint<
    OrdersData,
    OrdersResponses,
    CommonProblems & ServiceProblems & { 'access.denied': 403; 'auth.required': 401 }
  >;
  /** One order of the customer. `GET /api/orders/{id}` */
  order: Endpoint<
    OrderData,
    OrderResponses,
    CommonProblems &
      ServiceProblems & { 'access.denied': 403; 'auth.required': 401; 'orders.order-not-found': 404 }
  >;
  /** Buys what is in the basket. `POST /api/checkout` */
  checkout: Endpoint<
    CheckoutData,
    CheckoutResponses,
    CommonProblems &
      ServiceProblems & {
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
  /** Who is signed in. `GET /auth/user` */
  user: Endpoint<
    UserData,
    UserResponses,
    CommonProblems & { 'access.denied': 403; 'auth.required': 401; 'auth.sign-in-required': 401 }
  >;
  /** Ends this session. `POST /auth/logout` */
  signOut: Endpoint<
    SignOutData,
    SignOutResponses,
    CommonProblems & { 'access.denied': 403; 'auth.required': 401; 'auth.sign-in-required': 401 }
  >;
  /** The user's sessions. `GET /auth/sessions` */
  sessions: Endpoint<
    SessionsData,
    SessionsResponses,
    CommonProblems & { 'access.denied': 403; 'auth.required': 401; 'auth.sign-in-required': 401 }
  >;
  /** Ends all other sessions. `DELETE /auth/sessions` */
  endOtherSessions: Endpoint<
    EndOtherSessionsData,
    EndOtherSessionsResponses,
    CommonProblems & { 'access.denied': 403; 'auth.required': 401; 'auth.sign-in-required': 401 }
  >;
  /** Ends one session. `DELETE /auth/sessions/{id}` */
  endSession: Endpoint<
    EndSessionData,
    EndSessionResponses,
    CommonProblems & {
      'access.denied': 403;
      'auth.required': 401;
      'auth.session-not-found': 404;
      'auth.sign-in-required': 401;
    }
  >;
}

/** Makes a client of web-bff. */
export function createClient(options?: ClientOptions): WebBff {
  return bindOperations<WebBff>(operations, options);
}

const commonProblems = [
  'auth.csrf-header-missing',
  'auth.foreign-origin',
  'auth.session-ended',
  'http.bad-request',
  'http.request-header-fields-too-large',
  'http.uri-too-long',
  'internal',
  'overload.shed',
  'plan.quota-exceeded',
  'plan.rate-exceeded',
  'request.timeout',
  'session.store-unavailable',
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
  home: { method: 'GET', path: '/api/home', codes: [...commonProblems, ...serviceProblems] },
  categories: { method: 'GET', path: '/api/categories', codes: [...commonProblems, ...serviceProblems] },
  products: {
    method: 'GET',
    path: '/api/products',
    query: ['category', 'q', 'sort', 'page', 'pageSize'],
    codes: [...commonProblems, ...serviceProblems, 'catalog.category-not-found'],
  },
  product: {
    method: 'GET',
    path: '/api/products/{id}',
    codes: [...commonProblems, ...serviceProblems, 'catalog.product-not-found'],
  },
  reviews: {
    method: 'GET',
    path: '/api/products/{id}/reviews',
    query: ['page', 'pageSize'],
    codes: [...commonProblems, ...serviceProblems, 'reviews.product-not-found'],
  },
  search: {
    method: 'GET',
    path: '/api/search',
    query: ['q', 'category', 'sort', 'page'],
    codes: [...commonProblems, ...serviceProblems, 'catalog.category-not-found'],
  },
  account: {
    method: 'GET',
    path: '/api/account',
    codes: [
      ...commonProblems,
      ...serviceProblems,
      'access.denied',
      'accounts.customer-not-found',
      'auth.required',
    ],
  },
  orders: {
    method: 'GET',
    path: '/api/orders',
    query: ['page', 'pageSize'],
    codes: [...commonProblems, ...serviceProblems, 'access.denied', 'auth.required'],
  },
  order: {
    method: 'GET',
    path: '/api/orders/{id}',
    codes: [
      ...commonProblems,
      ...serviceProblems,
      'access.denied',
      'auth.required',
      'orders.order-not-found',
    ],
  },
  checkout: {
    method: 'POST',
    path: '/api/checkout',
    once: true,
    codes: [
      ...commonProblems,
      ...serviceProblems,
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
  user: {
    method: 'GET',
    path: '/auth/user',
    codes: [...commonProblems, 'access.denied', 'auth.required', 'auth.sign-in-required'],
  },
  signOut: {
    method: 'POST',
    path: '/auth/logout',
    codes: [...commonProblems, 'access.denied', 'auth.required', 'auth.sign-in-required'],
  },
  sessions: {
    method: 'GET',
    path: '/auth/sessions',
    codes: [...commonProblems, 'access.denied', 'auth.required', 'auth.sign-in-required'],
  },
  endOtherSessions: {
    method: 'DELETE',
    path: '/auth/sessions',
    codes: [...commonProblems, 'access.denied', 'auth.required', 'auth.sign-in-required'],
  },
  endSession: {
    method: 'DELETE',
    path: '/auth/sessions/{id}',
    codes: [
      ...commonProblems,
      'access.denied',
      'auth.required',
      'auth.session-not-found',
      'auth.sign-in-required',
    ],
  },
} as const;
