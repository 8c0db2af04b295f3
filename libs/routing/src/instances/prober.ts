import type { Clock } from '@facet/contracts';

export interface ProbeOptions {
  /** How often each instance is asked whether its event loop turns, in ms; 0 never asks. */
  intervalMs: number;
  /** A probe without an answer for so long has failed, in ms. */
  timeoutMs: number;
}

export const probeDefaults: ProbeOptions = { intervalMs: 1_000, timeoutMs: 750 };

/** Between two probes of one instance, however much it is suspected, in ms. */
const MIN_PAUSE_MS = 100;

export interface ProberSetup extends ProbeOptions {
  clock: Clock;
  random: () => number;
  /** Asks; false where no answer came in time. */
  ask: (timeoutMs: number) => Promise<boolean>;
}

/** Asks an instance now and then how it is, and soon where there is reason to: it failed the last probe, or keeps silent. */
export class Prober {
  #cancel: () => void = () => undefined;
  #isAsking = false;
  #isStopped = false;
  #askedAt = Number.NEGATIVE_INFINITY;

  constructor(private readonly setup: ProberSetup) {
    this.#after(this.#pause());
  }

  /** Asks as soon as the last probe is long enough ago. */
  soon(): void {
    if (this.#isAsking || this.#isStopped || this.setup.intervalMs === 0) return;
    this.#cancel();
    this.#after(Math.max(0, this.#askedAt + MIN_PAUSE_MS - this.setup.clock.now()));
  }

  stop(): void {
    this.#isStopped = true;
    this.#cancel();
  }

  /** Spread, so that many gateways do not ask at the same moment. */
  #pause(): number {
    return this.setup.intervalMs * (0.75 + this.setup.random() / 2);
  }

  #after(ms: number): void {
    if (this.#isStopped || this.setup.intervalMs === 0) return;
    this.#cancel = this.setup.clock.after(ms, () => void this.#ask());
  }

  async #ask(): Promise<void> {
    this.#isAsking = true;
    this.#askedAt = this.setup.clock.now();
    const isWell = await this.setup.ask(this.setup.timeoutMs);
    this.#isAsking = false;
    this.#after(isWell ? this.#pause() : MIN_PAUSE_MS);
  }
}
