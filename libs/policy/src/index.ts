export { AnswerCache, type AnswerCacheOptions, type Decision, type Found } from './cache/answer-cache.js';
export { cacheDefaults, type CachePolicy } from './cache/cache-policy.js';
export { type Limits, type Loaded, type CacheEntry, type Lookup } from './cache/lookup.js';
export {
  IdempotencyKeys,
  type Held,
  type IdempotencyKeysOptions,
  type IdempotencyPolicy,
} from './idempotency/index.js';
export { definePolicy, type Policy } from './policy.js';
export {
  Meter,
  RedisCounters,
  slidingWindow,
  windowNames,
  windowsOf,
  type MeterOptions,
  type Plan,
  type PlansPolicy,
  type PlanWindow,
  type Rate,
  type Reading,
  type WindowName,
} from './plans/index.js';
export { openSharedState, type SharedState } from './shared-state.js';
export { Shedder, type SheddingOptions, type SheddingPolicy } from './shedding/shedder.js';
export type { CompressionPolicy, CorsPolicy } from './edge.js';
export { limitsOf, type LimitsPolicy, type RequestLimits } from './limits.js';
