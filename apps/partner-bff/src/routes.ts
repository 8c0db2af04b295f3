import { route, usage } from '@facet/gateway';
import { catalog } from '@facet/shop-catalog';
import { inventory } from '@facet/shop-inventory';
import { checkout, ofPartner } from '@facet/shop-checkout';
import { order, orders } from '@facet/shop-orders';
import { offers, offersAnswer } from './offers/offers.aggregation.js';
import { webhookRoutes } from './webhooks.routes.js';

const ownOrders = { scopes: ['orders:read'] };

const bulk = { access: { scopes: ['catalog:read', 'inventory:read'] }, answer: offersAnswer };

/** All that a partner can reach. */
export const routes = [
  route('GET /v1/catalog', catalog.feed, {
    access: { scopes: ['catalog:read'] },
    operationId: 'catalog',
    input: { cursor: 'query', limit: 'query' },
  }),
  route('GET /v1/stock', inventory.levels, {
    access: { scopes: ['inventory:read'] },
    operationId: 'stock',
    input: { ids: 'query' },
    slo: { availability: 99.9, latencyMs: 500 },
  }),
  route('GET /v1/orders/changes', orders.changes, {
    access: ownOrders,
    operationId: 'orderChanges',
    input: { customerId: 'caller:customerId', since: 'query', limit: 'query' },
  }),
  route('GET /v1/orders/:reference', orders.byReference, {
    access: ownOrders,
    operationId: 'order',
    input: { customerId: 'caller:customerId', reference: 'path' },
    audit: { 'unbounded-answer': 'An order has at most 50 lines, as its basket had' },
  }),
  route('GET /v1/offers', offers, {
    ...bulk,
    operationId: 'offers',
    summary: 'Price and stock of many products',
  }),
  // For more ids than an address can carry.
  route('POST /v1/offers', offers, {
    ...bulk,
    operationId: 'offersInBulk',
    summary: 'Price and stock of many products, asked for in a body',
  }),
  route('POST /v1/orders', checkout, {
    access: { scopes: ['orders:write'] },
    operationId: 'placeOrder',
    preparation: ofPartner,
    answer: order,
    location: ({ reference }) => `/v1/orders/${encodeURIComponent(reference ?? '')}`,
    summary: "Orders under the partner's own reference",
    slo: { availability: 99.9, latencyMs: 2_000 },
  }),
  route('GET /v1/usage', usage, { access: {} }),
  ...webhookRoutes,
];
