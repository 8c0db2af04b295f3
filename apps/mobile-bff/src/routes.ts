import { route } from '@facet/gateway';
import { catalog } from '@facet/shop-catalog';

/** The operations that are passed straight through. Nothing else can be reached but what the controllers answer. */
export const routes = [
  route('GET /v1/products/:id/reviews', catalog.reviews, {
    access: 'public',
    input: { productId: 'path:id', page: 'query', pageSize: 'query' },
  }),
];
