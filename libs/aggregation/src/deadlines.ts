import { DeadlineTimer, type Clock } from '@facet/contracts';

/** Something that ends what is late. */
export interface Expiring {
  /** The earliest time at which there may be something to end; `Infinity` for none. */
  readonly until: number;
  /** Kept by `Deadlines`: where it stands among those that are watched, -1 where it is not. */
  watchedAt: number;
  expire(now: number): void;
}

/**
 * The runs that wait for something. However many there are and however many parts they have, one timer is set. An array and
 * no `Set`: a set that thousands come to and leave is copied every few of them, each copy is held by the one before, and
 * with the copies V8 keeps the runs until it collects the old generation.
 */
export class Deadlines {
  readonly #watched: Expiring[] = [];
  readonly #timer: DeadlineTimer;

  constructor(clock: Clock) {
    this.#timer = new DeadlineTimer((now) => this.#sweep(now), clock);
  }

  watch(expiring: Expiring): void {
    if (expiring.watchedAt < 0) expiring.watchedAt = this.#watched.push(expiring) - 1;
    this.#timer.watch(expiring.until);
  }

  forget(expiring: Expiring): void {
    const { watchedAt } = expiring;
    if (watchedAt < 0) return;
    expiring.watchedAt = -1;
    const last = this.#watched.pop() as Expiring;
    if (last !== expiring) {
      this.#watched[watchedAt] = last;
      last.watchedAt = watchedAt;
    }
    if (this.#watched.length === 0) this.#timer.stop();
  }

  #sweep(now: number): number {
    for (const expiring of this.#watched.filter(({ until }) => until <= now)) {
      if (expiring.watchedAt >= 0) expiring.expire(now);
    }
    return this.#watched.reduce((next, { until }) => Math.min(next, until), Infinity);
  }
}

const known = new WeakMap<Clock, Deadlines>();

export function deadlinesOf(clock: Clock): Deadlines {
  let deadlines = known.get(clock);
  if (deadlines === undefined) known.set(clock, (deadlines = new Deadlines(clock)));
  return deadlines;
}
