/**
 * One timer for many deadlines. `sweep` gets the time (`performance.now()`, in milliseconds), ends what is due and
 * returns the next deadline, `Infinity` for none. As what is watched mostly settles before its deadline, the timer fires
 * about once per deadline's length, not once per call.
 */
export class DeadlineTimer {
  #at = Infinity;
  #timer: NodeJS.Timeout | undefined;

  constructor(private readonly sweep: (now: number) => number) {}

  watch(deadline: number): void {
    if (deadline < this.#at) this.#arm(deadline);
  }

  stop(): void {
    clearTimeout(this.#timer);
    this.#at = Infinity;
  }

  #arm(deadline: number): void {
    clearTimeout(this.#timer);
    this.#at = deadline;
    this.#timer = setTimeout(
      () => this.#fire(),
      Math.max(1, Math.min(deadline - performance.now(), 2 ** 31 - 1)),
    );
    this.#timer.unref();
  }

  #fire(): void {
    this.#at = Infinity;
    const next = this.sweep(performance.now());
    if (next < this.#at) this.#arm(next);
  }
}
