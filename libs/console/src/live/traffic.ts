import type { Traffic } from '../view.js';

const SECONDS = 10;
/** So many durations of a second are enough for a percentile. */
const SAMPLED = 200;

interface Bucket {
  second: number;
  count: number;
  errors: number;
  degraded: number;
  sumMs: number;
  readonly samples: number[];
}

/** Counts what has happened in the last ten seconds. */
export class TrafficCounter {
  readonly #buckets: Bucket[] = [];
  readonly #now: () => number;
  #since: number;

  constructor(now: () => number = () => performance.now()) {
    this.#now = now;
    this.#since = now();
  }

  count(tookMs: number, kind: 'ok' | 'error' | 'degraded' = 'ok'): void {
    const bucket = this.#current();
    bucket.count += 1;
    bucket.sumMs += tookMs;
    if (kind === 'error') bucket.errors += 1;
    else if (kind === 'degraded') bucket.degraded += 1;
    if (bucket.samples.length < SAMPLED) bucket.samples.push(tookMs);
  }

  read(): Traffic & { readonly degraded: number; readonly p95Ms?: number } {
    const buckets = this.#recent();
    const sum = (of: (bucket: Bucket) => number) => buckets.reduce((total, each) => total + of(each), 0);
    const count = sum((each) => each.count);
    if (count === 0) return { rate: 0, errors: 0, degraded: 0 };
    const seconds = Math.min(SECONDS, Math.max(1, (this.#now() - this.#since) / 1_000));
    const samples = buckets.flatMap((each) => each.samples).sort((one, other) => one - other);
    return {
      rate: count / seconds,
      errors: sum((each) => each.errors) / count,
      degraded: sum((each) => each.degraded) / count,
      meanMs: sum((each) => each.sumMs) / count,
      p95Ms: samples[Math.floor(samples.length * 0.95)] ?? 0,
    };
  }

  /** Begins anew. */
  reset(): void {
    this.#buckets.length = 0;
    this.#since = this.#now();
  }

  #current(): Bucket {
    const second = Math.floor(this.#now() / 1_000);
    const last = this.#buckets.at(-1);
    if (last?.second === second) return last;
    const bucket: Bucket = { second, count: 0, errors: 0, degraded: 0, sumMs: 0, samples: [] };
    this.#buckets.push(bucket);
    if (this.#buckets.length > SECONDS + 1) this.#buckets.shift();
    return bucket;
  }

  #recent(): readonly Bucket[] {
    const oldest = Math.floor(this.#now() / 1_000) - SECONDS;
    return this.#buckets.filter(({ second }) => second > oldest);
  }
}
