import { catalog } from '@facet/contracts';
import { route } from '@facet/gateway';

/** The operations that are passed straight through. Nothing else can be reached but what the controllers answer. */
export const routes = [
  route('GET /v1/products/:id/reviews', catalog.reviews, {
    access: 'public',
    input: { productId: 'path:id', page: 'query', pageSize: 'query' },
  }),
];
