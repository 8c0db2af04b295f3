import type { CachedValue } from './cached-value.js';
import type { Clock } from '@facet/contracts';
import type { Limits, CacheEntry, Source } from './lookup.js';

/** An entry that was fetched, and where from. */
export interface FetchedEntry {
  readonly cached: CachedValue;
  readonly source: Source;
}

export type FetchedEntries = ReadonlyMap<string, FetchedEntry>;

const nothingFetched: Promise<FetchedEntries> = Promise.resolve(new Map());

interface Watch extends Limits {
  readonly clock: Clock;
  readonly late: () => Error;
}

/** Entries that are being fetched, once for all who wait for them. It is cancelled when the last of those has left. */
export class InFlightFetch {
  readonly #controller = new AbortController();
  readonly #outdated = new Set<string>();
  #watching = 0;
  #fetching = nothingFetched;

  constructor(
    public entries: readonly CacheEntry[],
    /** When the fetching itself gives up. */
    readonly deadline: number,
  ) {}

  start(fetch: (limits: Limits) => Promise<FetchedEntries>): void {
    const { signal } = this.#controller;
    this.#fetching = fetch({ signal, deadline: this.deadline });
    this.#fetching.catch(() => undefined); // those who wait for it are told
  }

  get isCancelled(): boolean {
    return this.#controller.signal.aborted;
  }

  /** What was fetched of `key` may be older than a change that has become known meanwhile. */
  outdate(key: string): void {
    this.#outdated.add(key);
  }

  isOutdated(key: string): boolean {
    return this.#outdated.has(key);
  }

  /** Lets it come to its end, even if all its callers leave. */
  hold(): void {
    this.#watching += 1;
  }

  /** It is over, and holds nothing any more: a long-lived map keeps what left it until it is rebuilt. */
  end(): void {
    this.entries = [];
    this.#fetching = nothingFetched;
  }

  /** Waits for it within one's own limits, which end nobody else's wait. */
  watch({ signal, deadline, clock, late }: Watch): Promise<FetchedEntries> {
    if (signal.aborted) return Promise.reject(signal.reason as Error);
    this.#watching += 1;
    return new Promise((resolve, reject) => {
      let hasLeft = false;
      const leave = () => {
        if (hasLeft) return;
        hasLeft = true;
        stopTimer();
        signal.removeEventListener('abort', cancelled);
        this.#watching -= 1;
      };
      const giveUp = (reason: Error) => {
        leave();
        if (this.#watching === 0) this.#controller.abort(reason);
        reject(reason);
      };
      const cancelled = () => giveUp(signal.reason as Error);
      signal.addEventListener('abort', cancelled, { once: true });
      // Whatever fetches keeps to the fetch's own deadline, and says better why it is late.
      const isEarlier = deadline < this.deadline;
      const stopTimer = isEarlier ? clock.after(deadline - clock.now(), () => giveUp(late())) : nothing;
      this.#fetching.then(
        (fetched) => {
          leave();
          resolve(fetched);
        },
        (error: Error) => {
          leave();
          reject(error);
        },
      );
    });
  }
}

const nothing = (): void => undefined;
