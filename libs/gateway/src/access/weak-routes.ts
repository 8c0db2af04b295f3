import { unmetDemands, type Access } from '@facet/access';
import type { Operation } from '@facet/contracts';
import { StartError } from '@facet/platform';

/** A route and every operation that is known to be called for it. */
export interface CallingRoute {
  readonly method: string;
  readonly path: string;
  readonly access: Access;
  readonly calls: readonly Operation[];
}

/**
 * Holds each route against the contracts of what it calls: it must demand of its callers whatever these demand.
 *
 * @throws StartError naming every route that is weaker, the operation, and what the route has to demand
 */
export function refuseWeakRoutes(routes: readonly CallingRoute[]): void {
  const weak = routes.flatMap(({ method, path, access, calls }) =>
    [...new Set(calls)].flatMap((operation) => {
      const unmet = unmetDemands(operation, access);
      return unmet.length === 0
        ? []
        : [`${method} ${path} calls ${operation.pattern}, which demands ${unmet.join(', ')}`];
    }),
  );
  if (weak.length > 0)
    throw new StartError(`these routes demand less of their callers than what they call: ${weak.join('; ')}`);
}
