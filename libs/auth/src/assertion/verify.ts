import type { VerifyCaller } from '@facet/access';
import type { Caller } from '@facet/contracts';
import { Fault } from '@facet/platform';
import { LRUCache } from 'lru-cache';
import { LIFETIME_SECONDS } from './assert.js';
import { callerOf, claims } from './claims.js';
import { headerOf, openCompact } from './compact.js';
import { verifyingKeys } from './keys.js';

/** How far two machines' clocks may be apart, in seconds. */
const SKEW_SECONDS = 5;
/** Longer than any assertion of ours; anything beyond is refused unread. */
const MAX_LENGTH = 8_192;

export interface VerificationOptions {
  /** The service's own name: assertions for another are refused. */
  readonly service: string;
  /** The public keys of the gateways, a JWKS as JSON. */
  readonly keys: string;
  /** How many verified assertions are remembered. Default 10,000. */
  readonly cacheSize?: number;
  /** Milliseconds since 1970. Default `Date.now`. */
  readonly now?: () => number;
}

/**
 * Checks the assertion of a frame: signature, service, time. One that was seen before costs a look-up; only a valid
 * one is remembered, and no longer than it holds.
 *
 * Its fault has status 500 and not 401: the caller behind the gateway did nothing wrong, and signing in again would
 * not help. What is wrong is between our own processes.
 */
export function createVerifyCaller(options: VerificationOptions): VerifyCaller {
  const { service, cacheSize = 10_000, now = Date.now } = options;
  const keys = new Map(verifyingKeys(options.keys).map((key) => [headerOf(key.id), key]));
  const seen = new LRUCache<string, { caller: Caller; until: number }>({ max: cacheSize });

  return (assertion) => {
    const time = now();
    const known = assertion === undefined ? undefined : seen.get(assertion);
    if (known !== undefined && known.until > time) return known.caller;
    if (assertion === undefined) throw unproven('it has no assertion');
    if (assertion.length > MAX_LENGTH) throw unproven('its assertion is too long');
    const parsed = claims.safeParse(openCompact(assertion, keys));
    if (!parsed.success) throw unproven('its assertion is not one of a gateway that this service knows');
    const { aud, iat, exp } = parsed.data;
    const seconds = time / 1000;
    if (aud !== service) throw unproven('its assertion is for another service');
    if (exp - iat > LIFETIME_SECONDS || iat > seconds + SKEW_SECONDS || exp <= seconds - SKEW_SECONDS)
      throw unproven('its assertion does not hold now');
    const caller = callerOf(parsed.data);
    seen.set(assertion, { caller, until: (exp + SKEW_SECONDS) * 1000 });
    return caller;
  };
}

function unproven(why: string): Fault {
  return new Fault('caller.unproven', 500, `The frame does not prove its caller: ${why}.`);
}
