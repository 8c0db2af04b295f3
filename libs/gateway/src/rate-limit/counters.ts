import { LRUCache } from 'lru-cache';
import type { PlanWindow } from './plan.js';
import { leftOf, intervalAt, waitFor, type Tally } from './interval.js';

/** What a window gave: all of what was asked at least, or nothing. */
export interface Grant {
  /** How many of those asked for; 0 for a refusal. */
  readonly granted: number;
  /** What is left after it. */
  readonly left: number;
  /** Which interval it was taken from, to be given back there. */
  readonly index: number;
  /** What is counted there, this included. */
  readonly tally: Tally;
  /** Milliseconds until the interval ends. */
  readonly endsInMs: number;
  /** Milliseconds until a refused request may be tried again; 0 where it was granted. */
  readonly waitMs: number;
}

/** `cost` is needed; up to `wish` are welcome. With neither it is only looked. */
export interface Ask {
  readonly cost: number;
  readonly wish: number;
  /** What was admitted meanwhile and is not counted there yet. */
  readonly owed?: number;
}

/** More principals than that are forgotten, the longest unseen first: an attacker with many addresses costs no more memory. */
export const MAX_PRINCIPALS = 100_000;

interface Count {
  index: number;
  current: number;
  previous: number;
}

/** Counts in this process. */
export class MemoryCounters {
  readonly #counts = new LRUCache<string, Count>({ max: MAX_PRINCIPALS });

  constructor(private readonly now: () => number = Date.now) {}

  take(key: string, window: PlanWindow, { cost, wish }: Ask): Grant {
    const interval = intervalAt(window, this.now());
    const { index, endsInMs } = interval;
    const count = this.#at(key, index);
    const left = leftOf(window.quota, count, interval);
    if (left < cost || left < 0) {
      const waitMs = waitFor(cost, window.quota, count, interval);
      return { granted: 0, left: Math.max(0, left), index, tally: count, endsInMs, waitMs };
    }
    const granted = Math.min(left, Math.max(cost, wish));
    count.current += granted;
    return { granted, left: left - granted, index, tally: count, endsInMs, waitMs: 0 };
  }

  /** Goes on from what others are known to have counted of a interval. */
  begin(key: string, index: number, { current, previous }: Tally): void {
    const known = this.#at(key, index);
    known.current = Math.max(known.current, current);
    known.previous = Math.max(known.previous, previous);
  }

  #at(key: string, index: number): Count {
    const known = this.#counts.get(key);
    if (known?.index === index) return known;
    const previous = known?.index === index - 1 ? known.current : 0;
    const count = { index, current: 0, previous };
    this.#counts.set(key, count);
    return count;
  }
}
