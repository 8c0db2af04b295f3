import { afterReading } from './after-reading.js';

/**
 * One timer for many deadlines. `sweep` gets the time (`performance.now()`, in milliseconds), ends what is due and
 * returns the next deadline, `Infinity` for none. As what is watched mostly settles before its deadline, the timer fires
 * about once per deadline's length, not once per call.
 */
export class DeadlineTimer {
  #at = Infinity;
  #cancel: () => void = () => undefined;

  constructor(private readonly sweep: (now: number) => number) {}

  watch(deadline: number): void {
    if (deadline < this.#at) this.#arm(deadline);
  }

  stop(): void {
    this.#cancel();
    this.#at = Infinity;
  }

  #arm(deadline: number): void {
    this.#cancel();
    this.#at = deadline;
    const ms = Math.max(1, Math.min(deadline - performance.now(), 2 ** 31 - 1));
    this.#cancel = afterReading(ms, () => this.#fire());
  }

  #fire(): void {
    this.#at = Infinity;
    const next = this.sweep(performance.now());
    if (next < this.#at) this.#arm(next);
  }
}
