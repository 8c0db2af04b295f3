import { hash } from 'node:crypto';
import type { Caller } from '@facet/contracts';
import { Fault } from '@facet/platform';
import { errors, jwtVerify, type JWTPayload } from 'jose';
import { LRUCache } from 'lru-cache';
import { z } from 'zod';
import { customerId as customerIdSchema } from '../customer-id.js';
import { headerOfCompact } from './compact-form.js';
import type { KeySet } from './key-set.js';

/** RFC 8725, section 3.1. No symmetric one: an issuer's public key can then never be taken for a secret. */
export const ALGORITHMS = ['ES256', 'ES384', 'PS256', 'PS384', 'RS256', 'EdDSA', 'Ed25519'];

/**
 * The header of an access token names its key and no more. Whatever brings a key along or says where to get one is
 * refused (`jwk`, `jku`, `x5u`, `x5c`), as is what is not understood (`crit`).
 */
const HEADER = new Set(['alg', 'typ', 'kid', 'x5t', 'x5t#S256']);

export interface AccessTokenOptions {
  readonly issuer: string;
  /** This gateway, as the issuer names it. */
  readonly audience: string;
  /** Whose tokens are taken: those of people, or those of clients that act for themselves. */
  readonly kind: Caller['kind'];
  /** The longest time from issue to expiry, in seconds. Default 3,600. */
  readonly maxLifetimeSeconds?: number;
  /** How far the clocks of issuer and gateway may be apart, in seconds; at most 60. Default 30. */
  readonly skewSeconds?: number;
  /** The claim that names the customer a user may act for. Default `customer_id`. */
  readonly customerClaim?: string;
  /** The claim with the user's roles, a list. Default `roles`. */
  readonly rolesClaim?: string;
  /** How many verified tokens are kept until they expire. Default 10,000. */
  readonly cacheSize?: number;
  /** Milliseconds since 1970. Default `Date.now`. */
  readonly now?: () => number;
}

export interface AccessToken {
  readonly caller: Caller;
  /** RFC 9449, section 6.1: the key that the sender must prove to have. */
  readonly jkt?: string;
  /** Milliseconds since 1970; the clocks' tolerance is in it. */
  readonly expiresAt: number;
}

const printable = z
  .string()
  .min(1)
  .max(255)
  .regex(/^[\x20-\x7e]+$/);

/** RFC 9068, section 2.2. */
const required = z.looseObject({
  sub: printable,
  client_id: printable,
  jti: printable,
  iat: z.number(),
  exp: z.number(),
  scope: z
    .string()
    .max(2_048)
    .regex(/^[\x21\x23-\x5b\x5d-\x7e]+( [\x21\x23-\x5b\x5d-\x7e]+)*$/)
    .optional(),
  cnf: z.strictObject({ jkt: z.string().regex(/^[\w-]{43}$/) }).optional(),
});

/**
 * A check of access tokens by the strict profile of RFC 9068. Every token that does not hold is the same fault,
 * `auth.invalid-token` (401). Only two are others: one that the issuer has signed for here and whose time is over,
 * `auth.token-expired` (401), which is no guess at a token; and keys that cannot be had, `auth.issuer-unavailable` (503).
 */
export function createAccessTokenCheck(
  options: AccessTokenOptions,
  keys: Pick<KeySet, 'find' | 'generation'>,
): (token: string) => AccessToken | Promise<AccessToken> {
  const { skewSeconds = 30, now = Date.now } = options;
  if (skewSeconds < 0 || skewSeconds > 60)
    throw new RangeError(`skewSeconds must be from 0 to 60; it is ${skewSeconds}`);
  const verify = async (token: string): Promise<AccessToken> => {
    const header = headerOfCompact(token);
    if (header === undefined || typeof header['kid'] !== 'string') throw invalidToken();
    if (!Object.keys(header).every((name) => HEADER.has(name))) throw invalidToken();
    try {
      const { payload } = await jwtVerify(token, keys.find, {
        algorithms: ALGORITHMS,
        issuer: options.issuer,
        audience: options.audience,
        typ: 'at+jwt',
        requiredClaims: ['exp', 'iat', 'sub', 'jti', 'client_id'],
        clockTolerance: skewSeconds,
        currentDate: new Date(now()),
      });
      return readClaims(payload, options);
    } catch (error) {
      if (error instanceof Fault && error.status === 503) throw error;
      throw error instanceof errors.JWTExpired ? expiredToken(error) : invalidToken(error);
    }
  };
  return verifiedOnce(verify, { keys, now, cacheSize: options.cacheSize ?? 10_000 });
}

interface Verified {
  readonly token: AccessToken;
  readonly generation: number;
}

/**
 * A token that holds is verified once in its life, under the keys that its issuer has now; one that does not, each time. It
 * is kept under its digest: nobody finds tokens in this process's memory.
 */
function verifiedOnce(
  verify: (token: string) => Promise<AccessToken>,
  { keys, now, cacheSize }: { keys: Pick<KeySet, 'generation'>; now: () => number; cacheSize: number },
): (token: string) => AccessToken | Promise<AccessToken> {
  const verified = new LRUCache<string, Verified>({ max: cacheSize });
  return (text) => {
    const digest = hash('sha256', text, 'base64url');
    const generation = keys.generation();
    const known = verified.get(digest);
    if (known?.generation === generation && known.token.expiresAt > now()) return known.token;
    return verify(text).then((token) => {
      verified.set(digest, { token, generation });
      return token;
    });
  };
}

function readClaims(payload: JWTPayload, options: AccessTokenOptions): AccessToken {
  const { maxLifetimeSeconds = 3_600, skewSeconds = 30, now = Date.now } = options;
  const claims = required.parse(payload);
  if (claims.exp - claims.iat > maxLifetimeSeconds) throw new Error('made to hold for too long');
  if (claims.iat > now() / 1000 + skewSeconds) throw new Error('issued in the future');
  const kind = claims.sub === claims.client_id ? 'client' : 'user';
  if (kind !== options.kind) throw new Error(`for a ${kind}`);
  return {
    caller: callerOf(claims, kind, options),
    expiresAt: (claims.exp + skewSeconds) * 1_000,
    ...(claims.cnf === undefined ? {} : { jkt: claims.cnf.jkt }),
  };
}

/** RFC 9068, section 5: a client that acts for itself is its own subject. */
function callerOf(
  claims: z.infer<typeof required>,
  kind: Caller['kind'],
  options: AccessTokenOptions,
): Caller {
  const { customerClaim = 'customer_id', rolesClaim = 'roles' } = options;
  const customerId = customerIdSchema.optional().parse(claims[customerClaim]);
  const roles = z.array(printable).max(100).default([]).parse(claims[rolesClaim]);
  const plan = printable.optional().parse(claims['plan']);
  return Object.freeze({
    subject: claims.sub,
    kind,
    client: claims.client_id,
    scopes: Object.freeze(claims.scope?.split(' ') ?? []),
    roles: Object.freeze(roles),
    ...(customerId === undefined ? {} : { customerId }),
    ...(plan === undefined ? {} : { plan }),
    credential: kind === 'user' ? 'bearer' : 'client-credentials',
  });
}

export function invalidToken(cause?: unknown): Fault {
  return new Fault('auth.invalid-token', 401, 'The access token is not valid.', { cause });
}

/** Its signature, issuer and audience have been checked by then. */
function expiredToken(cause: unknown): Fault {
  return new Fault('auth.token-expired', 401, 'The access token has expired.', { cause });
}
