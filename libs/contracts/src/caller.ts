import { CodedError } from './errors.js';

/** Who is calling, proven by a gateway. Frozen, and never read from a body or a header that a client can choose. */
export interface Caller {
  /** The user's or, where no user is present, the client's id at the issuer. */
  readonly subject: string;
  /** Whether a person acts through the client, or the client for itself. */
  readonly kind: 'user' | 'client';
  /** The client (application or partner) that the credential was given to. */
  readonly client: string;
  readonly scopes: readonly string[];
  readonly roles: readonly string[];
  /** The customer in `accounts` that this caller may act for. */
  readonly customerId?: string;
  /** The limits that apply, by name. */
  readonly plan?: string;
  /**
   * How the caller was proven: never mixed up between kinds of client. `gateway` is a gateway that speaks for itself,
   * on behalf of a visitor who has not signed in.
   */
  readonly credential: 'session' | 'bearer' | 'api-key' | 'client-credentials' | 'gateway';
}

/** What an aggregation or a saga is made from: what the client sent, checked, and who it is. */
export interface ClientRequest<Input> {
  readonly input: Input;
  readonly caller: Caller | undefined;
}

/**
 * The customer that the caller may act for.
 *
 * @throws CodedError `access.denied` (403) where the caller is none
 */
export function ownCustomer(caller: Caller | undefined): string {
  if (caller?.customerId !== undefined) return caller.customerId;
  throw new CodedError({ code: 'access.denied', status: 403, message: 'Your sign-in has no customerId.' });
}
