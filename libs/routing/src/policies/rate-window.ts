const SLOTS = 10;

/** How many things happened within the last `lengthMs`, and how many of them were marked. Ten slots, no timers. */
export class RateWindow {
  readonly #totals = new Float64Array(SLOTS);
  readonly #marks = new Float64Array(SLOTS);
  #slot = 0;
  #total = 0;
  #marked = 0;

  constructor(private readonly lengthMs: number) {}

  get total(): number {
    return this.#total;
  }

  get marked(): number {
    return this.#marked;
  }

  add(now: number, isMarked: boolean): void {
    this.#advance(now);
    const index = this.#slot % SLOTS;
    this.#totals[index]! += 1;
    this.#total += 1;
    if (isMarked) this.mark(now);
  }

  /** Marks one that was counted before. */
  mark(now: number): void {
    this.#advance(now);
    this.#marks[this.#slot % SLOTS]! += 1;
    this.#marked += 1;
  }

  /** Drops what is too old at `now`. */
  forget(now: number): void {
    this.#advance(now);
  }

  clear(): void {
    this.#totals.fill(0);
    this.#marks.fill(0);
    this.#total = 0;
    this.#marked = 0;
  }

  #advance(now: number): void {
    const slot = Math.floor((now * SLOTS) / this.lengthMs);
    for (let each = Math.max(this.#slot + 1, slot - SLOTS + 1); each <= slot; each += 1) {
      const index = each % SLOTS;
      this.#total -= this.#totals[index]!;
      this.#marked -= this.#marks[index]!;
      this.#totals[index] = 0;
      this.#marks[index] = 0;
    }
    this.#slot = Math.max(slot, this.#slot);
  }
}
