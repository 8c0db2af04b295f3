import type { Run } from '@facet/aggregation';
import { Counter, Histogram, type CounterSeries, type HistogramSeries } from '@facet/platform';
import type { Registry } from 'prom-client';

interface PartSeries {
  readonly byStatus: Map<string, CounterSeries>;
  readonly duration: HistogramSeries;
}

/** What is there from the start on, so that its rate is known when it first happens. */
const USUAL = ['fresh', 'default', 'missing'];

/** Parts of aggregations: what became of them, and how long they took. */
export class PartMetrics {
  readonly #parts: Counter;
  readonly #durations: Histogram;
  readonly #series = new Map<Run['plan'], readonly PartSeries[]>();

  constructor(registry: Registry) {
    const labels = ['aggregation', 'part'];
    this.#parts = new Counter(
      {
        name: 'facet_aggregation_parts_total',
        help: 'Parts of aggregations by what became of them',
        labels: [...labels, 'status'],
      },
      registry,
    );
    this.#durations = new Histogram(
      {
        name: 'facet_aggregation_part_duration_seconds',
        help: 'How long parts of aggregations took',
        labels,
      },
      registry,
    );
  }

  /** Makes the series of an aggregation. */
  bind(plan: Run['plan']): readonly PartSeries[] {
    const { name } = plan.aggregation;
    const series = plan.parts.map(({ part }) => ({
      byStatus: new Map(USUAL.map((status) => [status, this.#parts.with(name, part.name, status)])),
      duration: this.#durations.with(name, part.name),
    }));
    this.#series.set(plan, series);
    return series;
  }

  /** Counts the parts of a run that is over. */
  finished({ plan, states, begunAt, endedAt }: Run): void {
    const series = this.#series.get(plan) ?? this.bind(plan);
    for (let index = 0; index < series.length; index += 1) {
      const { byStatus, duration } = series[index] as PartSeries;
      const state = states[index] as string;
      const status = state === 'waiting' ? 'unfinished' : state;
      let counter = byStatus.get(status);
      if (counter === undefined) byStatus.set(status, (counter = this.#counterOf(plan, index, status)));
      counter.inc();
      const tookMs = (endedAt[index] as number) - (begunAt[index] as number);
      if (tookMs >= 0 && state !== 'skipped' && state !== 'waiting') duration.observe(tookMs / 1_000);
    }
  }

  #counterOf({ aggregation, parts }: Run['plan'], index: number, status: string): CounterSeries {
    return this.#parts.with(aggregation.name, parts[index]?.part.name ?? '', status);
  }
}
