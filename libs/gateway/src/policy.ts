import { checkNames } from '@facet/contracts';
import { checkCachePolicy, type CachePolicy } from './cache/store/cache-policy.js';
import { checkCors, type CorsPolicy } from './http/cors-policy.js';
import { checkLimits, type LimitsPolicy, type RequestLimits } from './http/limits.js';
import { checkIdempotency, type IdempotencyPolicy } from './idempotency/store.js';
import { checkRateLimits, type RateLimitsPolicy, type RateLimitsSettings } from './rate-limit/plan.js';
import { checkCompression, type CompressionPolicy } from './reply/compression.js';
import { checkShedding, type SheddingPolicy } from './shedding/shedder.js';

/**
 * All that a gateway promises and refuses beside its routes, as data: what an app says in its `<gateway>.policy.ts`, so
 * that the difference between two gateways is read in one look. What is left out has its default; `false` switches a section
 * off.
 */
export interface Policy {
  /** What one request and one client may cost. There is no gateway without limits. */
  readonly limits?: LimitsPolicy;
  /** Who may ask how often. Left out: everybody, without a bound. */
  readonly rateLimits?: RateLimitsPolicy;
  /** Which pages of other origins may call. Left out: none. */
  readonly cors?: CorsPolicy;
  /** Which answers are sent smaller. */
  readonly compression?: CompressionPolicy | false;
  /** When requests are turned away rather than let all become slow. */
  readonly shedding?: SheddingPolicy | false;
  /** That what is sent twice is done once. */
  readonly idempotency?: IdempotencyPolicy | false;
  /** How answers of services are kept; for how long is said by their contracts. */
  readonly cache?: CachePolicy | false;
}

/** A policy with its defaults; what is undefined is off. */
export interface PolicySettings {
  readonly limits: RequestLimits;
  readonly rateLimits: RateLimitsSettings | undefined;
  readonly cors: CorsPolicy | undefined;
  readonly compression: Required<CompressionPolicy> | undefined;
  readonly shedding: Required<SheddingPolicy> | undefined;
  readonly idempotency: Required<IdempotencyPolicy> | undefined;
  readonly cache: Required<CachePolicy> | undefined;
}

const NAMES = ['limits', 'rateLimits', 'cors', 'compression', 'shedding', 'idempotency', 'cache'];

/**
 * The settings that a policy stands for.
 *
 * @throws RangeError that names the option and what it got
 */
export function settingsOf(policy: Policy): PolicySettings {
  checkNames('policy', policy, NAMES);
  const { limits, rateLimits, cors, compression, shedding, idempotency, cache } = policy;
  return {
    limits: checkLimits(limits),
    rateLimits: rateLimits && checkRateLimits(rateLimits),
    cors: cors && checkCors(cors),
    compression: unlessOff(compression, checkCompression),
    shedding: unlessOff(shedding, checkShedding),
    idempotency: unlessOff(idempotency, checkIdempotency),
    cache: unlessOff(cache, checkCachePolicy),
  };
}

function unlessOff<Given extends object, Checked>(
  given: Given | false | undefined,
  check: (given: Given | Record<never, never>) => Checked,
): Checked | undefined {
  return given === false ? undefined : check(given ?? {});
}

/**
 * A gateway's policy, checked where it is written.
 *
 * @throws RangeError that names the option and what it got
 */
export function definePolicy(policy: Policy): Policy {
  settingsOf(policy);
  return policy;
}
