import { accounts, catalog, orders } from '@facet/contracts';
import { route } from '@facet/gateway';

const ownOrders = { kind: 'user', scopes: ['orders:read'] } as const;

/** The operations that are passed straight through. Nothing else can be reached but what the controllers answer. */
export const routes = [
  route('GET /api/categories', catalog.categories, { access: 'public' }),
  route('GET /api/products/:id/reviews', catalog.reviews, {
    access: 'public',
    input: { productId: 'path:id', page: 'query', pageSize: 'query' },
  }),
  route('GET /api/account', accounts.customer, {
    access: { kind: 'user' },
    input: { id: 'caller:customerId' },
  }),
  route('GET /api/orders', orders.list, {
    access: ownOrders,
    input: { customerId: 'caller:customerId', page: 'query', pageSize: 'query' },
  }),
  route('GET /api/orders/:id', orders.order, {
    access: ownOrders,
    input: { customerId: 'caller:customerId', id: 'path' },
  }),
];
