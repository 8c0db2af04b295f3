import { securityHeaders } from '../reply/security-headers.js';
import { answerFields } from '../routes/deprecations.js';
import type { Route } from '../routes/route.js';

/** What is known at boot of the requests that one address and method of the HTTP server takes. */
export interface Endpoint {
  /** The pattern of the address; `none` for what nothing answers. */
  readonly path: string;
  /** The same as JSON. */
  readonly pathJson: string;
  /** The gateway's own route; undefined for a page, a sign-in, a document, and for what nothing answers. */
  readonly route: Route | undefined;
  /** The header fields that all of its answers have, names and values in turns. */
  readonly fixed: readonly string[];
  /** Whether only the gateway's own code answers it: nobody else sets headers or writes to the response. */
  readonly isDirect: boolean;
  /** Whether its requests are counted to their address, as no route of the gateway's own counts them. */
  readonly countsAddress: boolean;
}

declare module 'fastify' {
  interface FastifyContextConfig {
    endpoint?: Endpoint;
    /** Whether the gateway counts it to its visitor's address. */
    countsAddress?: boolean;
  }
}

const security = Object.entries(securityHeaders).flat();

export function endpointOf(
  path: string,
  more: Partial<Omit<Endpoint, 'path' | 'pathJson' | 'fixed'>> = {},
): Endpoint {
  const { route, isDirect = false, countsAddress = false } = more;
  const fixed =
    route === undefined
      ? security
      : [...security, ...Object.entries({ ...answerFields(route), ...route.fields }).flat()];
  return { path, pathJson: JSON.stringify(path), route, isDirect, countsAddress, fixed };
}

/** For requests that nothing answers. */
export const noEndpoint = endpointOf('none', { countsAddress: true });

/** What an address of the gateway's own that is no route is registered with, to be counted to its visitor's address. */
export const COUNTS_ADDRESS = { countsAddress: true } as const;
