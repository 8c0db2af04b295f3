import { monitorEventLoopDelay } from 'node:perf_hooks';
import {
  POSITIVE_COUNT,
  POSITIVE_MS,
  withDefaults,
  type NumericOptions,
  type Priority,
} from '@facet/contracts';

/** When a gateway turns requests away rather than let all of them become slow. */
export interface SheddingPolicy {
  /** The requests that may be under way at once; of low criticality half, of normal four fifths. Default 1,000. */
  readonly maxInFlight?: number;
  /** How late the event loop may run before requests are turned away, in milliseconds. Default 250. */
  readonly maxDelayMs?: number;
}

const shedding: NumericOptions<Required<SheddingPolicy>> = {
  defaults: { maxInFlight: 1_000, maxDelayMs: 250 },
  ranges: { maxInFlight: POSITIVE_COUNT, maxDelayMs: POSITIVE_MS },
};

/** @throws RangeError that names the option and what it got */
export function checkShedding(given: SheddingPolicy): Required<SheddingPolicy> {
  return withDefaults('shedding', shedding, given);
}

const LEVEL: Readonly<Record<Priority, number>> = { low: 0, normal: 1, high: 2 };
const SHARE: Readonly<Record<Priority, number>> = { low: 0.5, normal: 0.8, high: 1 };

/** Some of the most critical are always let through: else nothing would show that there is room again. */
const MOST_PRESSURE = 2.95;
const TICK_MS = 100;
const FASTEST_RISE = 0.25;
const FASTEST_FALL = 0.1;
const GAIN = 0.1;

export interface SheddingOptions {
  readonly policy?: SheddingPolicy;
  /** How late the event loop ran since it was last asked, in milliseconds. */
  readonly delay?: () => number;
  readonly random?: () => number;
}

/**
 * Turns requests away before all of them become slow, the least critical first. One number says how hard pressed the
 * gateway is: from 0 to 1 it turns away that share of low criticality, from 1 to 2 all of those and a share of normal,
 * beyond that a share of the rest. It rises while the event loop runs late and falls while it does not.
 */
export class Shedder {
  readonly #policy: Required<SheddingPolicy>;
  readonly #delay: () => number;
  readonly #random: () => number;
  readonly #timer: NodeJS.Timeout;
  #pressure = 0;
  #inFlight = 0;

  constructor({ policy = {}, delay = loopDelay(), random = Math.random }: SheddingOptions = {}) {
    this.#policy = checkShedding(policy);
    this.#delay = delay;
    this.#random = random;
    this.#timer = setInterval(() => this.tick(), TICK_MS).unref();
  }

  get pressure(): number {
    return this.#pressure;
  }

  get inFlight(): number {
    return this.#inFlight;
  }

  /** Whether a request is let in. One that is has to be let go with `done`. */
  admits(criticality: Priority): boolean {
    if (this.#inFlight >= this.#policy.maxInFlight * SHARE[criticality]) return false;
    if (this.#pressure > LEVEL[criticality] && this.#random() < this.#pressure - LEVEL[criticality])
      return false;
    this.#inFlight += 1;
    return true;
  }

  done(): void {
    this.#inFlight -= 1;
  }

  /** Ten times a second: the pressure follows how late the event loop runs. */
  tick(): void {
    const { maxDelayMs } = this.#policy;
    const over = (this.#delay() - maxDelayMs) / maxDelayMs;
    const change = Math.min(FASTEST_RISE, Math.max(-FASTEST_FALL, over * GAIN));
    this.#pressure = Math.min(MOST_PRESSURE, Math.max(0, this.#pressure + change));
  }

  close(): void {
    clearInterval(this.#timer);
  }
}

const RESOLUTION_MS = 10;

/** The mean of how late timers were since the last question. */
function loopDelay(): () => number {
  const histogram = monitorEventLoopDelay({ resolution: RESOLUTION_MS });
  histogram.enable();
  return () => {
    const mean = Number.isNaN(histogram.mean) ? 0 : histogram.mean / 1e6 - RESOLUTION_MS;
    histogram.reset();
    return Math.max(0, mean);
  };
}
