import type { Registry } from 'prom-client';

export interface FamilyOptions<Label extends string = string> {
  readonly name: string;
  readonly help: string;
  readonly labels?: readonly Label[];
}

/** One sample as prom-client's registry writes it. */
export interface Sample {
  readonly metricName?: string;
  readonly labels: Readonly<Record<string, string | number>>;
  readonly value: number;
  readonly exemplar?: Exemplar | undefined;
}

export interface Exemplar {
  readonly labelSet: Readonly<Record<string, string>>;
  readonly value: number;
  /** Seconds since 1970. */
  readonly timestamp: number;
}

/** What a registry shows: an implementation of prom-client's metric, as far as its registry uses one. */
export interface Shown {
  readonly name: string;
  readonly help: string;
  readonly type: string;
  readonly aggregator: 'sum';
  readonly values: readonly Sample[];
}

interface Known<Series> {
  readonly labels: Readonly<Record<string, string>>;
  readonly series: Series;
}

/** The most series of one metric. What is labelled otherwise then is counted under `_other`, so that nobody can fill the memory. */
export const MAX_SERIES = 2_000;
const OTHER = '_other';

/**
 * A metric and its series. A series is found once, where its labels are known, and is a plain number from then on; text is made
 * of it when somebody scrapes.
 */
export abstract class Family<Series> {
  /** Not readonly: a registry in the OpenMetrics format takes `_total` off a copy. */
  name: string;
  readonly help: string;
  abstract readonly type: string;
  // Not #private: the copy in the OpenMetrics format has this object as its prototype.
  private readonly labels: readonly string[];
  private readonly known = new Map<string, Known<Series>>();

  constructor({ name, help, labels = [] }: FamilyOptions, registry: Registry) {
    this.name = name;
    this.help = help;
    this.labels = labels;
    registry.registerMetric(this as never);
  }

  /** The series with these values of the labels, in the order of their declaration. Made where it is new, with 0. */
  with(...values: readonly string[]): Series {
    const key = values.join('\u0000');
    const known = this.known.get(key);
    if (known !== undefined) return known.series;
    const isFull = this.known.size >= MAX_SERIES;
    if (isFull && values.some((value) => value !== OTHER)) return this.with(...this.labels.map(() => OTHER));
    const labels = Object.fromEntries(this.labels.map((label, index) => [label, values[index] ?? '']));
    const series = this.newSeries();
    this.known.set(key, { labels, series });
    return series;
  }

  /** For prom-client's registry. */
  get(): Promise<Shown> {
    const { name, help, type } = this;
    const values = [...this.known.values()].flatMap(({ labels, series }) => this.samples(series, labels));
    return Promise.resolve({ name, help, type, aggregator: 'sum', values });
  }

  protected abstract newSeries(): Series;
  protected abstract samples(series: Series, labels: Readonly<Record<string, string>>): readonly Sample[];
}
