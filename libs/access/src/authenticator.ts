import type { Caller } from '@facet/contracts';
import type { Fault } from '@facet/platform';

/** What an authenticator may look at: what reached this gateway, before any of it was believed. */
export interface AuthRequest {
  readonly method: string;
  /** The URL as the client means it: scheme and host as the client names them, then path and query as a URL has them. */
  readonly url: URL;
  /** Path and query as they arrived, not one character of them read: `/v1/orders?page=2`. For what is signed. */
  readonly target: string;
  /** Every header in the order it arrived, names in lower case; a name that was sent twice is here twice. */
  readonly headers: readonly (readonly [name: string, value: string])[];
  /** The peer's address, or what a trusted proxy says of it. */
  readonly remoteAddress: string;
  readonly requestId: string;
  /** The body's bytes as they arrived; empty where there is none. For signatures that cover the content. */
  body(): Promise<Uint8Array>;
}

/**
 * One way of proving a caller. A gateway has exactly one for its API routes, so that a credential made for one kind
 * of client is refused by the gateways of the others.
 */
export interface Authenticator {
  /** What it can prove; a route's documentation follows from it. */
  readonly credentials: readonly Caller['credential'][];
  /** The security schemes of OpenAPI 3, by name. */
  readonly schemes: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
  /** What it refuses a request with, for documents: each code with its status. */
  readonly problems?: Readonly<Record<string, number>>;
  /**
   * Whether there is anything to prove or to refuse, from the header fields by their names in lower case and the request's
   * target. Most visitors of a public route have no credential, and cost no promise then. Where absent, `authenticate` is
   * called for each request.
   */
  isConcerned?(headers: Readonly<Record<string, unknown>>, target: string): boolean;
  /**
   * Undefined where the request carries no credential; a credential that does not hold rejects with a fault with status 401.
   * No promise where it is known already: a token is verified once.
   */
  authenticate(request: AuthRequest): Caller | undefined | Promise<Caller | undefined>;
  /** The headers that a refusal carries (`WWW-Authenticate`), from the 401 or 403 that is answered. */
  challenge(fault: Fault, request: AuthRequest): Readonly<Record<string, string>>;
}

/** The values of one header, in the order they arrived. */
export function headerValues(request: Pick<AuthRequest, 'headers'>, name: string): string[] {
  return request.headers.filter(([key]) => key === name).map(([, value]) => value);
}

/**
 * Turns what a frame says of its caller into a caller that was checked. A service is started with one, and answers a
 * frame that it refuses with the fault that it throws (401).
 */
export type VerifyCaller = (assertion: string | undefined) => Caller;

/**
 * Says to a service on whose behalf a gateway calls: a short-lived assertion for that service.
 * Undefined stands for a visitor who has not signed in: the gateway then speaks for itself.
 */
export type AssertCaller = (caller: Caller | undefined, service: string) => string;
