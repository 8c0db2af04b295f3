import type { PluginRoute } from '@facet/access';
import { StartError } from '@facet/platform';
import type { Route } from '../routes/route.js';

type Named = Pick<Route, 'method' | 'path' | 'operationId'> & { readonly target?: Route['target'] };

/**
 * What documents and clients call each route: its own `operationId`, else the name of what it answers with, else, where
 * several answer with the same, its method and path.
 *
 * @throws StartError where two routes say the same `operationId`
 */
export function operationIds(all: readonly (Route | PluginRoute)[]): ReadonlyMap<object, string> {
  const routes: readonly Named[] = all;
  const wished = routes.map((route) => route.operationId ?? answeredBy(route) ?? byAddress(route));
  const isTwice = (id: string) => wished.filter((each) => each === id).length > 1;
  const ids = routes.map((route, index) => {
    const id = wished[index] as string;
    return route.operationId === undefined && isTwice(id) ? byAddress(route) : id;
  });
  ids.forEach((id, index) => {
    const [first, second] = [routes[ids.indexOf(id)], routes[index]];
    if (first !== second && first !== undefined && second !== undefined)
      throw new StartError(
        `${first.method} ${first.path} and ${second.method} ${second.path} have the same operationId, "${id}"`,
      );
  });
  return new Map(routes.map((route, index) => [route, ids[index] as string]));
}

/** `home` of the aggregation `web.home`, `products` of the operation `catalog.products`. */
function answeredBy({ target }: Named): string | undefined {
  switch (target?.kind) {
    case 'aggregation':
      return lastOf(target.aggregation.name);
    case 'operation':
      return lastOf(target.operation.name);
    case 'saga':
      return lastOf(target.saga.name);
    case 'usage':
      return target.kind;
    case 'handler':
    case undefined:
      return undefined;
  }
}

const lastOf = (name: string): string => camel([name.split('.').at(-1) ?? '']);

/** `getV1ProductsId` of `GET /v1/products/:id`. */
const byAddress = ({ method, path }: Named): string => camel([method.toLowerCase(), path]);

function camel(parts: readonly string[]): string {
  const words = parts.flatMap((part) => part.split(/[^A-Za-z0-9]+/)).filter((word) => word !== '');
  const [first = '', ...rest] = words;
  const upper = (word: string) => `${word[0]?.toUpperCase()}${word.slice(1)}`;
  return `${first[0]?.toLowerCase() ?? ''}${first.slice(1)}${rest.map(upper).join('')}`;
}
