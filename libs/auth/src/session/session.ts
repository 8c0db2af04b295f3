import { createHash, randomBytes } from 'node:crypto';
import type { Caller } from '@facet/contracts';

/** What an issuer says of somebody who has signed in. Its access token is not kept: nothing here would use it. */
export interface Proof {
  readonly subject: string;
  /** The issuer's own session, its claim `sid`. */
  readonly providerSession?: string;
  readonly name?: string;
  readonly email?: string;
  readonly roles: readonly string[];
  readonly scopes: readonly string[];
  readonly customerId?: string;
  /** Stays on the server. */
  readonly refreshToken?: string;
  /** When the issuer is asked again whether all this still holds, in milliseconds since 1970. */
  readonly refreshAt?: number;
}

/** Somebody's signed-in browser. Times are milliseconds since 1970. */
export interface Session extends Proof {
  /** What the store knows it by: a digest of the cookie, so that a look into the store gives nobody a cookie. */
  readonly key: string;
  /** What its owner knows it by; good for nothing but to end it. */
  readonly id: string;
  readonly client: string;
  /** How the browser calls itself, cut short. */
  readonly device: string;
  readonly createdAt: number;
  readonly lastSeenAt: number;
  /** The end, however busy it is. */
  readonly expiresAt: number;
}

/** What may change in a session's life. */
export type SessionChange = Partial<
  Omit<Session, 'key' | 'id' | 'client' | 'device' | 'createdAt' | 'expiresAt'>
>;

/** A value for a cookie that nobody can guess: 256 bits. */
export function newSecret(): string {
  return randomBytes(32).toString('base64url');
}

/** Whether `value` could be one of ours at all. */
export function isSecret(value: string): boolean {
  return /^[\w-]{43}$/.test(value);
}

export function keyOf(secret: string): string {
  return createHash('sha256').update(secret).digest('base64url');
}

/** One for each state of a session: what is worked out for a caller can then be kept with it. */
const callers = new WeakMap<Session, Caller>();

export function callerOf(session: Session): Caller {
  const known = callers.get(session) ?? makeCaller(session);
  callers.set(session, known);
  return known;
}

function makeCaller(session: Session): Caller {
  const { subject, client, scopes, roles, customerId } = session;
  return Object.freeze({
    subject,
    kind: 'user',
    client,
    scopes,
    roles,
    credential: 'session',
    ...(customerId === undefined ? {} : { customerId }),
  });
}
