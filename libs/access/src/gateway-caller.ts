import type { Caller } from '@facet/contracts';

/** A gateway that speaks for itself: what a service sees where a visitor has not signed in. */
export function gatewayCaller(gateway: string): Caller {
  return Object.freeze({
    ...{ subject: gateway, kind: 'client', client: gateway, scopes: [], roles: [] },
    credential: 'gateway',
  } as const);
}
