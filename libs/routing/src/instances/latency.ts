/** How much one observation weighs against what is known. */
const WEIGHT = 0.3;
/** How fast an estimate without new observations fades (time constant, ms): a slow instance gets another chance. */
const FADE_MS = 5_000;

/**
 * What a request to an instance would cost: pending × smoothed latency. An instance that has requests pending and
 * keeps silent costs as much as it has been silent for, so a frozen one is left alone before any time-out says so.
 */
export class Load {
  pending = 0;
  #smoothed: number | undefined;
  #observedAt = 0;
  #quietSince = 0;

  started(now: number): void {
    if (this.pending === 0) this.#quietSince = now;
    this.pending += 1;
  }

  /** An answer (any answer: an error reply shows life as well) after `tookMs`. */
  answered(now: number, tookMs: number): void {
    this.pending -= 1;
    this.#quietSince = now;
    this.#observe(now, tookMs);
  }

  /**
   * It ended without an answer, so that it would have taken longer than `tookMs`. Where that is more than was expected,
   * the instance counts as at least as slow as it ever was: a hedge cuts short what would have told how slow it is.
   */
  abandoned(now: number, tookMs: number): void {
    this.pending -= 1;
    if (tookMs <= this.smoothed(now)) return;
    this.#smoothed = Math.max(this.#smoothed ?? 0, tookMs);
    this.#observedAt = now;
  }

  /** The smoothed latency in ms, 0 where nothing is known. */
  smoothed(now: number): number {
    if (this.#smoothed === undefined) return 0;
    return this.#smoothed * Math.exp((this.#observedAt - now) / FADE_MS);
  }

  /** Whether it has said nothing since a request was sent. */
  isSilentSince(startedAt: number): boolean {
    return this.#quietSince <= startedAt;
  }

  /** What was learnt of an instance that was away says nothing about the one that is back. */
  forget(): void {
    this.#smoothed = undefined;
  }

  get isKnown(): boolean {
    return this.#smoothed !== undefined;
  }

  cost(now: number, assumedMs: number): number {
    const latency = this.isKnown ? this.smoothed(now) : assumedMs;
    const silence = this.pending === 0 ? 0 : now - this.#quietSince;
    return (this.pending + 1) * Math.max(latency, silence, 0.01);
  }

  #observe(now: number, tookMs: number): void {
    const known = this.#smoothed === undefined ? tookMs : this.smoothed(now);
    this.#smoothed = known + WEIGHT * (tookMs - known);
    this.#observedAt = now;
  }
}

/** A quantile of the last observations, recomputed when it is read and many are new. */
export class RecentQuantile {
  readonly #ring: Float64Array;
  #count = 0;
  #value = Number.POSITIVE_INFINITY;
  /** How many there were when it was recomputed. */
  #countThen = 0;

  constructor(
    private readonly quantile: number,
    private readonly minSamples: number,
    size = 256,
  ) {
    this.#ring = new Float64Array(size);
  }

  /** Infinity until there are enough observations. */
  get value(): number {
    const every = this.#count > this.#ring.length ? this.#ring.length / 4 : 16;
    if (this.#count >= this.minSamples && this.#count - this.#countThen >= every) this.#recompute();
    return this.#value;
  }

  get isKnown(): boolean {
    return this.value !== Number.POSITIVE_INFINITY;
  }

  observe(value: number): void {
    this.#ring[this.#count % this.#ring.length] = value;
    this.#count += 1;
  }

  #recompute(): void {
    this.#countThen = this.#count;
    const known = this.#ring.slice(0, Math.min(this.#count, this.#ring.length)).sort();
    this.#value = known[Math.min(known.length - 1, Math.ceil(known.length * this.quantile))] ?? Infinity;
  }
}
