/** When an instance is taken out because its requests fail. Defaults as in Envoy's outlier detection. */
export interface EjectionOptions {
  /** Failures in a row (connects, time-outs, closes; never a business error) that eject it. */
  failures: number;
  /** The first ejection's length in ms; the n-th in short order lasts n times that. */
  baseMs: number;
  /** The longest ejection, in ms. */
  maxMs: number;
  /** The largest share of a service's instances that may be out this way; one always may where there are several. */
  maxShare: number;
  /** A time-out counts as a failure only where the instance had at least this long to answer, in ms. */
  timeoutCountsAfterMs: number;
}

export const ejectionDefaults: EjectionOptions = {
  failures: 5,
  baseMs: 30_000,
  maxMs: 300_000,
  maxShare: 0.1,
  timeoutCountsAfterMs: 100,
};

/** How many of `instances` may be ejected at once. */
export function ejectable(instances: number, maxShare: number): number {
  return instances < 2 ? 0 : Math.max(1, Math.floor(instances * maxShare));
}

/** What is known about one instance's health. Time is handed in. */
export class Health {
  #failures = 0;
  #ejections = 0;
  #isOut = false;
  #ejectedUntil = 0;
  #backSince = 0;
  #silent = false;
  #failedProbes = 0;

  constructor(private readonly options: EjectionOptions) {}

  get failures(): number {
    return this.#failures;
  }

  get failedProbes(): number {
    return this.#failedProbes;
  }

  isEjected(now: number): boolean {
    return this.#isOut && now < this.#ejectedUntil;
  }

  succeeded(): void {
    this.#failures = 0;
  }

  /** True where that was one too many. */
  failed(): boolean {
    this.#failures += 1;
    return this.#failures >= this.options.failures;
  }

  /** Takes it out; gives for how long. Ejections are forgiven one by one for every `baseMs` spent well in between. */
  eject(now: number): number {
    const { baseMs, maxMs } = this.options;
    const forgiven = baseMs > 0 ? Math.floor((now - this.#backSince) / baseMs) : this.#ejections;
    this.#ejections = Math.max(0, this.#ejections - forgiven) + 1;
    const forMs = Math.min(maxMs, baseMs * this.#ejections);
    this.#isOut = true;
    this.#ejectedUntil = now + forMs;
    this.#backSince = this.#ejectedUntil;
    this.#silent = false;
    this.#failures = 0;
    return forMs;
  }

  /**
   * Ends the ejection that lasts until `until`, and no later one. The clock is not asked: a timer may fire a moment
   * before it shows the time that the timer was set for. True where that ejection was still on.
   */
  endEjection(until: number): boolean {
    if (!this.#isOut || this.#ejectedUntil !== until) return false;
    this.#isOut = false;
    return true;
  }

  /** It could not be connected to or did not answer a probe. */
  wasSilent(): void {
    this.#silent = true;
  }

  probeFailed(): number {
    this.#silent = true;
    this.#failedProbes += 1;
    return this.#failedProbes;
  }

  /**
   * It answered a probe or a handshake. That ends an ejection only where it had been silent meanwhile: then it woke
   * up. One that answers probes all along and fails requests serves its time. True where something changed.
   */
  answered(now: number): boolean {
    const recovered = this.#failedProbes > 0;
    this.#failedProbes = 0;
    if (!this.#silent) return recovered;
    this.#silent = false;
    this.#failures = 0;
    if (!this.isEjected(now)) return recovered;
    this.#isOut = false;
    this.#backSince = now;
    return true;
  }
}
