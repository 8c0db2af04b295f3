import { checkCachePolicy, type CachePolicy } from './cache/cache-policy.js';
import { checkCompression, checkCors, type CompressionPolicy, type CorsPolicy } from './edge.js';
import { checkIdempotency, type IdempotencyPolicy } from './idempotency/once.js';
import { checkShedding, type SheddingPolicy } from './shedding/shedder.js';
import { limitsOf, type LimitsPolicy } from './limits.js';
import { checkPlans, type PlansPolicy } from './plans/plan.js';

/**
 * All that a gateway promises and refuses beside its routes, as data: what an app says in its `<gateway>.policy.ts`, so
 * that the difference between two gateways is read in one look. What is left out is switched off.
 */
export interface Policy {
  /** What one request and one client may cost. What is left out has a default: there is no gateway without limits. */
  readonly limits?: LimitsPolicy;
  /** Who may ask how often. */
  readonly plans?: PlansPolicy;
  /** Which pages of other sites may call. */
  readonly cors?: CorsPolicy;
  /** Which answers are sent smaller. */
  readonly compression?: CompressionPolicy;
  /** When requests are turned away rather than let all become slow. */
  readonly shedding?: SheddingPolicy;
  /** That what is sent twice is done once. */
  readonly idempotency?: IdempotencyPolicy;
  /** How answers of services are kept; for how long is said by their contracts. */
  readonly cache?: CachePolicy;
}

/**
 * A gateway's policy, held to its type where it is written.
 *
 * @throws RangeError naming what does not fit
 */
export function definePolicy(policy: Policy): Policy {
  limitsOf(policy.limits);
  if (policy.plans !== undefined) checkPlans(policy.plans);
  if (policy.cors !== undefined) checkCors(policy.cors);
  if (policy.compression !== undefined) checkCompression(policy.compression);
  if (policy.shedding !== undefined) checkShedding(policy.shedding);
  if (policy.idempotency !== undefined) checkIdempotency(policy.idempotency);
  if (policy.cache !== undefined) checkCachePolicy(policy.cache);
  return policy;
}
