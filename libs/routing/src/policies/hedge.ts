import type { RecentQuantile } from '../instances/latency.js';

export interface HedgeOptions {
  /** A second request is sent when the first takes longer than this quantile of the operation's recent ones. */
  quantile: number;
  /** … but not before this many ms. */
  minDelayMs: number;
  /** Until so many answers of the operation are known, a quarter of the time that the call has left counts as late. */
  minSamples: number;
}

export const hedgeDefaults: HedgeOptions = { quantile: 0.95, minDelayMs: 10, minSamples: 32 };

/** After how many ms a request of an operation is late. */
export function lateAfterMs({ minDelayMs }: HedgeOptions, latency: RecentQuantile, leftMs: number): number {
  return Math.max(minDelayMs, latency.isKnown ? latency.value : leftMs / 4);
}
