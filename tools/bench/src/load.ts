import { quantile } from './stats.js';
import { cpuMicros } from './worker.js';

export interface LoadRequest {
  readonly calls: number;
  readonly inFlight: number;
}

export interface LoadResult {
  readonly perSecond: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
  /** CPU of the process that made the calls, per call. */
  readonly cpuMicros: number;
}

/** Keeps `inFlight` calls under way until `calls` have been answered. */
export async function load(
  { calls, inFlight }: LoadRequest,
  call: () => Promise<unknown>,
): Promise<LoadResult> {
  const latencies: number[] = [];
  let started = 0;
  const lane = async (): Promise<void> => {
    while (started < calls) {
      started++;
      const at = performance.now();
      await call();
      latencies.push(performance.now() - at);
    }
  };
  const cpu = cpuMicros();
  const at = performance.now();
  await Promise.all(Array.from({ length: inFlight }, lane));
  const seconds = (performance.now() - at) / 1_000;
  return {
    perSecond: calls / seconds,
    p50Ms: quantile(latencies, 0.5),
    p99Ms: quantile(latencies, 0.99),
    cpuMicros: (cpuMicros() - cpu) / calls,
  };
}
