import { LRUCache } from 'lru-cache';

/**
 * Remembers what may be used once. Where several instances of a gateway run, one that they share (Redis) closes the
 * gap that each of them would take the same proof once.
 */
export interface ReplayGuard {
  /** True where this is the first use within `ttlMs`. */
  firstUse(name: string, ttlMs: number): boolean | Promise<boolean>;
}

/**
 * In this process. Bounded: when it is full of names that still count, a new one is refused rather than an old one
 * forgotten, since a caller could otherwise fill it to make it forget.
 */
export function createReplayGuard({ size = 100_000, now = Date.now } = {}): ReplayGuard {
  const used = new LRUCache<string, number>({ max: size });
  return {
    firstUse(name, ttlMs) {
      const time = now();
      const until = used.peek(name);
      if (until !== undefined && until > time) return false;
      if (used.size >= size && oldestStillCounts(used, time)) return false;
      used.set(name, time + ttlMs);
      return true;
    },
  };
}

function oldestStillCounts(used: LRUCache<string, number>, time: number): boolean {
  const [oldest] = used.rvalues();
  return oldest !== undefined && oldest > time;
}
