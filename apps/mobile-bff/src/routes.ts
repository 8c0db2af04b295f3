import { catalog, orders } from '@facet/contracts';
import { route } from '@facet/gateway';

const ownOrders = { kind: 'user', scopes: ['orders:read'] } as const;

/** The operations that are passed straight through. Nothing else can be reached but what the controllers answer. */
export const routes = [
  route('GET /v1/products/:id/reviews', catalog.reviews, {
    access: 'public',
    input: { productId: 'path:id', page: 'query', pageSize: 'query' },
  }),
  route('GET /v1/orders', orders.list, {
    access: ownOrders,
    input: { customerId: 'caller:customerId', page: 'query', pageSize: 'query' },
  }),
  route('GET /v1/orders/:id', orders.order, {
    access: ownOrders,
    input: { customerId: 'caller:customerId', id: 'path' },
  }),
];
