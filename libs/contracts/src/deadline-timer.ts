import { systemClock, type Clock } from './clock.js';

/**
 * One timer for many deadlines. `sweep` gets the time, ends what is due and returns the next deadline, `Infinity` for
 * none. As what is watched mostly settles before its deadline, the timer fires about once per deadline's length, not once
 * per call.
 */
export class DeadlineTimer {
  #at = Infinity;
  #cancel: () => void = () => undefined;

  constructor(
    private readonly sweep: (now: number) => number,
    private readonly clock: Clock = systemClock,
  ) {}

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
    const ms = Math.max(0, Math.min(deadline - this.clock.now(), 2 ** 31 - 1));
    this.#cancel = this.clock.after(ms, () => this.#fire());
  }

  #fire(): void {
    this.#at = Infinity;
    const next = this.sweep(this.clock.now());
    if (next < this.#at) this.#arm(next);
  }
}
