import { route } from '@facet/gateway';
import { accounts } from '@facet/shop-accounts';
import { catalog } from '@facet/shop-catalog';
import { checkout, ofCustomer } from '@facet/shop-checkout';
import { order as placedOrder } from '@facet/shop-orders';
import { reviews } from '@facet/shop-reviews';
import { home, homeAnswer } from './home/home.aggregation.js';
import { orderView } from './orders/order-view.js';
import { order } from './orders/order.aggregation.js';
import { orders, ordersAnswer } from './orders/orders.aggregation.js';
import { product, productAnswer } from './product/product.aggregation.js';
import { products, productsAnswer } from './products/products.aggregation.js';
import { search, searchAnswer } from './search/search.aggregation.js';

const ownOrders = { kind: 'user', scopes: ['orders:read'] } as const;

/** All that a page of the shop can reach. */
export const routes = [
  route('GET /api/home', home, {
    access: 'public',
    answer: homeAnswer,
    summary: "The shop's front page",
    slo: { availability: 99.9, latencyMs: 500, complete: 99 },
  }),
  route('GET /api/categories', catalog.categories, {
    access: 'public',
    audit: { 'unbounded-answer': 'A shop has a few dozen categories, and its menu shows them all' },
  }),
  route('GET /api/products', products, {
    access: 'public',
    answer: productsAnswer,
    summary: 'Products by category and words',
  }),
  route('GET /api/products/:id', product, {
    access: 'public',
    answer: productAnswer,
    summary: "A product's page",
    slo: { availability: 99.9, latencyMs: 500, complete: 99 },
  }),
  route('GET /api/products/:id/reviews', reviews.ofProduct, {
    access: 'public',
    operationId: 'reviews',
    input: { productId: 'path:id', page: 'query', pageSize: 'query' },
  }),
  route('GET /api/search', search, {
    access: 'public',
    answer: searchAnswer,
    summary: 'Products by words',
    slo: { availability: 99.5, latencyMs: 1_000 },
  }),
  route('GET /api/account', accounts.customer, {
    access: { kind: 'user' },
    operationId: 'account',
    input: { id: 'caller:customerId' },
    audit: { 'unbounded-answer': 'One customer has a few addresses' },
  }),
  route('GET /api/orders', orders, {
    access: ownOrders,
    answer: ordersAnswer,
    summary: "The customer's orders, newest first",
  }),
  route('GET /api/orders/:id', order, {
    access: ownOrders,
    answer: orderView,
    summary: 'One order of the customer',
  }),
  route('POST /api/checkout', checkout, {
    access: { kind: 'user', scopes: ['orders:write'] },
    preparation: ofCustomer,
    answer: placedOrder,
    location: ({ id }) => `/api/orders/${id}`,
    summary: 'Buys what is in the basket',
    slo: { availability: 99.9, latencyMs: 2_000 },
  }),
];
