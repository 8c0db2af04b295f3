import type { Call } from '@facet/contracts';
import { AnswerCache, type CachePolicy, type SharedState } from '@facet/policy';
import type { Registry } from 'prom-client';
import { Follower } from './follower.js';
import { KeptCalls } from './kept-calls.js';
import { createCacheMetrics } from '../metrics/cache.js';

interface Parts {
  readonly shared: SharedState;
  readonly registry: Registry;
  /** The services, called by the gateway for itself. */
  readonly call: Call;
}

export interface OpenCache {
  readonly calls: KeptCalls;
  /** Begins to ask services what has changed. */
  follow(services: readonly string[]): void;
  close(): void;
}

/** What a gateway keeps of its services' answers, let go of as soon as it is not true any more; nothing without a policy. */
export function openCache(
  policy: CachePolicy | undefined,
  { shared, registry, call }: Parts,
): OpenCache | undefined {
  if (policy === undefined) return undefined;
  const metrics = createCacheMetrics(registry);
  const cache = new AnswerCache({
    policy,
    shared,
    decided: metrics.decided,
    invalidated: metrics.invalidated,
  });
  metrics.watch(() => cache.size);
  const follower = new Follower({ cache, call });
  return {
    calls: new KeptCalls(cache),
    follow: (services) => follower.follow(services),
    close: () => {
      follower.close();
      cache.close();
    },
  };
}
