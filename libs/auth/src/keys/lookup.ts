import { Fault } from '@facet/platform';
import { LRUCache } from 'lru-cache';
import { InFlight } from '../in-flight.js';
import type { ApiKey, ApiKeyStore } from './store.js';

export interface LookupOptions {
  readonly store: ApiKeyStore;
  /** How long an answer of the store is used without asking again, in milliseconds. Default 2,000. */
  readonly freshMs?: number;
  /** How long it is used where the store fails, in milliseconds; at most 5,000, the promise to a revoked key. Default 5,000. */
  readonly lastResortMs?: number;
  /** How many answers are kept, those about unknown keys among them. Default 10,000. */
  readonly cacheSize?: number;
  /** Milliseconds on a clock that never goes back. Default `performance.now`. */
  readonly now?: () => number;
}

interface Known {
  readonly key: ApiKey | undefined;
  readonly at: number;
}

/**
 * Looks keys up by their hash, at most once per `freshMs` and key, and once for all who wait. A key that is revoked in
 * the store is dead in every gateway within `lastResortMs`, without anybody having to tell them.
 */
export function createKeyLookup(options: LookupOptions): (hash: string) => Promise<ApiKey | undefined> {
  const {
    store,
    freshMs = 2_000,
    lastResortMs = 5_000,
    cacheSize = 10_000,
    now = () => performance.now(),
  } = options;
  if (lastResortMs < freshMs || lastResortMs > 5_000)
    throw new RangeError(`lastResortMs must be from freshMs to 5000; it is ${lastResortMs}`);
  const known = new LRUCache<string, Known>({ max: cacheSize });
  const asking = new InFlight<ApiKey | undefined>();

  const ask = async (hash: string) => {
    // The answer is as old as the question: a revocation that comes in between counts from there.
    const at = now();
    try {
      const key = await store.findByHash(hash);
      known.set(hash, { key, at });
      return key;
    } catch (cause) {
      const last = known.get(hash);
      if (last !== undefined && now() - last.at < lastResortMs) return last.key;
      throw new Fault('auth.keys-unavailable', 503, 'API keys cannot be checked at the moment.', {
        retryAfterMs: 1_000,
        cause,
      });
    }
  };

  return (hash) => {
    const found = known.get(hash);
    if (found !== undefined && now() - found.at < freshMs) return Promise.resolve(found.key);
    return asking.run(hash, () => ask(hash));
  };
}
