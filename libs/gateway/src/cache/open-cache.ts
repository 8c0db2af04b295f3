import type { Call } from '@facet/contracts';
import { AnswerCache } from './store/answer-cache.js';
import type { CachePolicy } from './store/cache-policy.js';
import type { SharedState } from '../shared/shared-state.js';
import type { Registry } from 'prom-client';
import { InvalidationFeed } from './invalidation-feed.js';
import { CachedCalls } from './cached-calls.js';
import { ResponseCache } from './response-cache.js';
import { createCacheMetrics } from '../metrics/cache.js';

interface Parts {
  readonly shared: SharedState;
  readonly registry: Registry;
  /** The services, called by the gateway for itself. */
  readonly call: Call;
}

export interface OpenCache {
  readonly calls: CachedCalls;
  /** Whole answers that are the same for everybody. */
  readonly responses: ResponseCache;
  /** Begins to ask services what has changed. */
  follow(services: readonly string[]): void;
  close(): void;
}

/** The share of the cache's memory that is for whole answers. */
const WHOLE = 0.25;

/** What a gateway keeps of its services' answers, let go of as soon as it is not true any more. */
export function openCache(policy: Required<CachePolicy>, { shared, registry, call }: Parts): OpenCache {
  const metrics = createCacheMetrics(registry);
  const { maxBytes, maxEntries } = policy;
  const whole = Math.ceil(maxBytes * WHOLE);
  const responses = new ResponseCache({ maxBytes: whole, maxEntries, decided: metrics.decided });
  const cache = new AnswerCache({
    policy: { ...policy, maxBytes: maxBytes - whole },
    shared,
    decided: metrics.decided,
    invalidated: metrics.invalidated,
    forgotten: (tags) => responses.forget(tags),
  });
  metrics.watch(() => ({ bytes: cache.size.bytes + responses.bytes, entries: cache.size.entries }));
  const follower = new InvalidationFeed({ cache, call });
  return {
    calls: new CachedCalls(cache),
    responses,
    follow: (services) => follower.follow(services),
    close: () => {
      follower.close();
      cache.close();
    },
  };
}
