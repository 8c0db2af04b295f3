import { DeadlineTimer, type Clock } from '@facet/contracts';

/** Something that ends what is late. */
export interface Expiring {
  /** The earliest time at which there may be something to end; `Infinity` for none. */
  readonly until: number;
  expire(now: number): void;
}

/** The runs that wait for something. However many there are and however many parts they have, one timer is set. */
export class Deadlines {
  readonly #watched = new Set<Expiring>();
  readonly #timer: DeadlineTimer;

  constructor(clock: Clock) {
    this.#timer = new DeadlineTimer((now) => this.#sweep(now), clock);
  }

  watch(expiring: Expiring): void {
    this.#watched.add(expiring);
    this.#timer.watch(expiring.until);
  }

  forget(expiring: Expiring): void {
    if (this.#watched.delete(expiring) && this.#watched.size === 0) this.#timer.stop();
  }

  #sweep(now: number): number {
    let next = Infinity;
    for (const expiring of this.#watched) {
      if (expiring.until <= now) expiring.expire(now);
      if (this.#watched.has(expiring)) next = Math.min(next, expiring.until);
    }
    return next;
  }
}

const known = new WeakMap<Clock, Deadlines>();

export function deadlinesOf(clock: Clock): Deadlines {
  let deadlines = known.get(clock);
  if (deadlines === undefined) known.set(clock, (deadlines = new Deadlines(clock)));
  return deadlines;
}
