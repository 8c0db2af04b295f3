import type { Clock } from '@facet/contracts';

/** What may become due while it is under way. */
export interface Watched {
  /** On the clock that the ticker has; Infinity where nothing is to happen. */
  readonly dueAt: number;
  readonly isOver: boolean;
  /** Kept by the ticker: whether it is watched. */
  isWatched: boolean;
  due(now: number): void;
}

const TICK_MS = 5;

/**
 * One coarse timer for whatever is late: hedges, queues, calls without an instance. It runs only while something is
 * watched; what is over is forgotten at the next tick, so that nobody takes anything back.
 */
export class Ticker {
  #watched: Watched[] = [];
  #isArmed = false;

  constructor(private readonly clock: Clock) {}

  /** Calls `due` at the first tick after `dueAt`; `due` may set a later one. */
  watch(it: Watched): void {
    if (it.isWatched) return;
    it.isWatched = true;
    this.#watched.push(it);
    if (this.#isArmed) return;
    this.#isArmed = true;
    this.clock.after(TICK_MS, this.#tick);
  }

  readonly #tick = (): void => {
    this.#isArmed = false;
    const now = this.clock.now();
    const watched = this.#watched;
    this.#watched = [];
    for (const each of watched) {
      each.isWatched = false;
      if (each.isOver) continue;
      if (each.dueAt <= now) each.due(now);
      if (!each.isOver && each.dueAt !== Infinity) this.watch(each);
    }
  };
}
