import { route } from '@facet/gateway';
import { accounts } from '@facet/shop-accounts';
import { catalog } from '@facet/shop-catalog';

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
];
