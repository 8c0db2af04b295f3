import type { Kept } from './kept.js';
import type { Clock } from '@facet/contracts';
import type { Limits, Piece, Source } from './question.js';

/** A piece that was brought, and where from. */
export interface Brought {
  readonly kept: Kept;
  readonly source: Source;
}

export type Bringing = ReadonlyMap<string, Brought>;

interface Watch extends Limits {
  readonly clock: Clock;
  readonly late: () => Error;
}

/** Pieces that are being fetched, once for all who wait for them. It is cancelled when the last of those has left. */
export class Flight {
  readonly #controller = new AbortController();
  readonly #outdated = new Set<string>();
  #watching = 0;
  #bringing: Promise<Bringing> = Promise.resolve(new Map());

  constructor(
    readonly pieces: readonly Piece[],
    /** When the fetching itself gives up. */
    readonly deadline: number,
  ) {}

  start(bring: (limits: Limits) => Promise<Bringing>): void {
    const { signal } = this.#controller;
    this.#bringing = bring({ signal, deadline: this.deadline });
    this.#bringing.catch(() => undefined); // those who wait for it are told
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

  /** Lets it come to its end whoever leaves. */
  hold(): void {
    this.#watching += 1;
  }

  /** Waits for it within one's own limits, which end nobody else's wait. */
  watch({ signal, deadline, clock, late }: Watch): Promise<Bringing> {
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
      // Whatever fetches keeps to the flight's own deadline, and says better why it is late.
      const isEarlier = deadline < this.deadline;
      const stopTimer = isEarlier ? clock.after(deadline - clock.now(), () => giveUp(late())) : nothing;
      this.#bringing.then(
        (brought) => {
          leave();
          resolve(brought);
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
