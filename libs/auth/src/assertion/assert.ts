import { gatewayCaller, type AssertCaller } from '@facet/access';
import type { Caller } from '@facet/contracts';
import { LRUCache } from 'lru-cache';
import { claimsOf } from './claims.js';
import { signCompact } from './compact.js';
import { signingKey } from './keys.js';

/** How long an assertion holds, in seconds. */
export const LIFETIME_SECONDS = 60;
/** One that is handed out has at least this much left: longer than a request may take. */
const LEAST_LEFT_MS = 30_000;

export interface AssertionOptions {
  /** The gateway's name: the issuer, and the caller where nobody has signed in. */
  readonly gateway: string;
  /** The gateway's private key, an Ed25519 JWK as JSON. */
  readonly key: string;
  /** How many assertions are kept for use again. Default 10,000. */
  readonly cacheSize?: number;
  /** Milliseconds since 1970. Default `Date.now`. */
  readonly now?: () => number;
}

/**
 * Makes the assertion that goes along with a gateway's calls: who the caller is, for one service, for
 * {@link LIFETIME_SECONDS} seconds. One is signed per caller, service and half-life, and used again until then.
 */
export function createAssertCaller(options: AssertionOptions): AssertCaller {
  const { gateway, cacheSize = 10_000, now = Date.now } = options;
  const key = signingKey(options.key);
  const kept = new LRUCache<string, { assertion: string; until: number }>({ max: cacheSize });
  const names = new WeakMap<Caller, string>();
  const self = gatewayCaller(gateway);

  const nameOf = (caller: Caller) => {
    const known = names.get(caller);
    if (known !== undefined) return known;
    const name = JSON.stringify(claimsOf(caller));
    names.set(caller, name);
    return name;
  };

  return (proven, service) => {
    const caller = proven ?? self;
    const name = `${service} ${nameOf(caller)}`;
    const time = now();
    const found = kept.get(name);
    if (found !== undefined && found.until > time) return found.assertion;
    const iat = Math.floor(time / 1000);
    const assertion = signCompact(
      { iss: gateway, aud: service, iat, exp: iat + LIFETIME_SECONDS, ...claimsOf(caller) },
      key,
    );
    kept.set(name, { assertion, until: (iat + LIFETIME_SECONDS) * 1000 - LEAST_LEFT_MS });
    return assertion;
  };
}
