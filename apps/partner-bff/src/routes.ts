import { route } from '@facet/gateway';
import { catalog } from '@facet/shop-catalog';
import { inventory } from '@facet/shop-inventory';
import { orders } from '@facet/shop-orders';
import { webhookRoutes } from './webhooks.routes.js';

const ownOrders = { scopes: ['orders:read'] };

/** The operations that are passed straight through. Nothing else can be reached but what the controllers answer. */
export const routes = [
  route('GET /v1/catalog', catalog.feed, {
    access: { scopes: ['catalog:read'] },
    input: { cursor: 'query', limit: 'query' },
  }),
  route('GET /v1/stock', inventory.levels, {
    access: { scopes: ['inventory:read'] },
    input: { ids: 'query' },
  }),
  route('GET /v1/orders/changes', orders.changes, {
    access: ownOrders,
    input: { customerId: 'caller:customerId', since: 'query', limit: 'query' },
  }),
  route('GET /v1/orders/:reference', orders.byReference, {
    access: ownOrders,
    input: { customerId: 'caller:customerId', reference: 'path' },
  }),
  ...webhookRoutes,
];
