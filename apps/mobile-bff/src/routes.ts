import { route } from '@facet/gateway';
import { checkout, ofCustomer } from '@facet/shop-checkout';
import { order as placedOrder } from '@facet/shop-orders';
import { reviews } from '@facet/shop-reviews';
import { home, homeAnswer } from './home/home.aggregation.js';
import { order, orderAnswer } from './orders/order.aggregation.js';
import { orders, ordersAnswer } from './orders/orders.aggregation.js';
import { product, productAnswer } from './product/product.aggregation.js';
import { sync, syncAnswer } from './sync/sync.aggregation.js';

const ownOrders = { kind: 'user', scopes: ['orders:read'] } as const;

/** All that a phone can reach. */
export const routes = [
  route('GET /v1/home', home, {
    access: 'public',
    answer: homeAnswer,
    summary: 'The first screen',
    slo: { availability: 99.9, latencyMs: 300, complete: 99 },
  }),
  route('GET /v1/products/:id', product, {
    access: 'public',
    answer: productAnswer,
    summary: "A product's screen",
    slo: { availability: 99.9, latencyMs: 300, complete: 99 },
  }),
  route('GET /v1/products/:id/reviews', reviews.ofProduct, {
    access: 'public',
    operationId: 'reviews',
    input: { productId: 'path:id', page: 'query', pageSize: 'query' },
  }),
  route('GET /v1/orders', orders, {
    access: ownOrders,
    answer: ordersAnswer,
    summary: "The customer's orders, newest first",
  }),
  route('GET /v1/orders/:id', order, {
    access: ownOrders,
    answer: orderAnswer,
    summary: 'One order of the customer',
  }),
  route('GET /v1/sync', sync, {
    access: ownOrders,
    answer: syncAnswer,
    summary: 'What has changed since a token',
  }),
  route('POST /v1/checkout', checkout, {
    access: { kind: 'user', scopes: ['orders:write'] },
    preparation: ofCustomer,
    answer: placedOrder,
    location: ({ id }) => `/v1/orders/${id}`,
    summary: 'Buys what is in the basket',
    slo: { availability: 99.9, latencyMs: 2_000 },
  }),
];
