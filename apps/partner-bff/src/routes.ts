import { catalog, inventory } from '@facet/contracts';
import { route } from '@facet/gateway';

/** The operations that are passed straight through. Nothing else can be reached but what the controllers answer. */
export const routes = [
  route('GET /v1/catalog', catalog.feed, { access: 'public', input: { cursor: 'query', limit: 'query' } }),
  route('GET /v1/stock', inventory.levels, { access: 'public', input: { ids: 'query' } }),
];
