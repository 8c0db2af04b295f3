import type { Operation } from '@facet/contracts';
import type { UpstreamSnapshot } from '@facet/routing';
import type { Route } from './route.js';
import { operationsOf, requiredBy } from './services.js';

/** A service, and what it means for the routes that it does not answer. */
export interface ServiceState {
  readonly state: UpstreamSnapshot['health'];
  /** Routes that are a problem without it, as `GET /v1/home`; named while it is not there. */
  readonly unavailable?: readonly string[];
  /** Routes that answer without it, and say what is missing. */
  readonly partial?: readonly string[];
}

/**
 * Makes the function that says of each service that routes call whether it is there, and what its absence means. None of this
 * makes a gateway unready: its instances would all leave the balancer together, with the routes that need nothing of it.
 */
export function absencesOf(
  routes: readonly Route[],
): (upstreams: readonly UpstreamSnapshot[]) => Readonly<Record<string, ServiceState>> {
  const unavailable = byService(routes, requiredBy);
  const partial = byService(routes, (route) => {
    const required = new Set(requiredBy(route).map(({ service }) => service));
    return operationsOf(route).filter(({ service }) => !required.has(service));
  });
  return (upstreams) =>
    Object.fromEntries(
      upstreams.map(({ service, health: state }): [string, ServiceState] => {
        if (state === 'up' || state === 'degraded') return [service, { state }];
        const means = { unavailable: unavailable.get(service) ?? [], partial: partial.get(service) ?? [] };
        return [service, { state, ...means }];
      }),
    );
}

function byService(
  routes: readonly Route[],
  operationsOf: (route: Route) => readonly Operation[],
): ReadonlyMap<string, readonly string[]> {
  const named = new Map<string, Set<string>>();
  for (const route of routes) {
    for (const { service } of operationsOf(route)) {
      named.set(service, (named.get(service) ?? new Set()).add(`${route.method} ${route.path}`));
    }
  }
  return new Map([...named].map(([service, names]) => [service, [...names]]));
}
