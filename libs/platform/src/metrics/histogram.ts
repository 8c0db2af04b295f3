import type { Registry } from 'prom-client';
import { Family, type Exemplar, type FamilyOptions, type Sample } from './family.js';

/** The upper bounds of buckets, in seconds, for whatever a person waits for. */
export const SECONDS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10] as const;

/** How often values fell below each of some bounds. */
export class HistogramSeries {
  /** By bucket; the last is what is above every bound. */
  readonly counts: Float64Array;
  readonly exemplars: (Exemplar | undefined)[] = [];
  sum = 0;

  constructor(private readonly bounds: readonly number[]) {
    this.counts = new Float64Array(bounds.length + 1);
  }

  /** `traceId` is kept as the example of its bucket. */
  observe(value: number, traceId?: string): void {
    const { bounds, counts } = this;
    let bucket = 0;
    while (bucket < bounds.length && value > (bounds[bucket] as number)) bucket += 1;
    counts[bucket] = (counts[bucket] as number) + 1;
    this.sum += value;
    if (traceId !== undefined) {
      this.exemplars[bucket] = { labelSet: { trace_id: traceId }, value, timestamp: Date.now() / 1_000 };
    }
  }
}

export interface HistogramOptions extends FamilyOptions {
  /** In ascending order. Default `SECONDS`. */
  readonly buckets?: readonly number[];
}

export class Histogram extends Family<HistogramSeries> {
  readonly type = 'histogram';
  private readonly bounds: readonly number[];

  constructor({ buckets = SECONDS, ...options }: HistogramOptions, registry: Registry) {
    super(options, registry);
    this.bounds = buckets;
  }

  protected newSeries(): HistogramSeries {
    return new HistogramSeries(this.bounds);
  }

  protected samples(
    { counts, sum, exemplars }: HistogramSeries,
    labels: Sample['labels'],
  ): readonly Sample[] {
    let count = 0;
    const buckets = [...counts].map((each, index) => {
      count += each;
      const le = this.bounds[index] ?? '+Inf';
      return {
        metricName: `${this.name}_bucket`,
        labels: { ...labels, le },
        value: count,
        exemplar: exemplars[index],
      };
    });
    return [
      ...buckets,
      { metricName: `${this.name}_sum`, labels, value: sum },
      { metricName: `${this.name}_count`, labels, value: count },
    ];
  }
}
