import type { Registry } from 'prom-client';
import { Family, type FamilyOptions, type Sample, type Shown } from './family.js';

/** A value as it is when somebody scrapes, for each set of labels. */
export type Reading = readonly [value: number, ...labels: readonly string[]];

/** What is read at scrape time, from whatever knows it. */
export class Gauge extends Family<never> {
  readonly type = 'gauge';
  private readonly names: readonly string[];

  constructor(
    options: FamilyOptions,
    private readonly read: () => readonly Reading[],
    registry: Registry,
  ) {
    super(options, registry);
    this.names = options.labels ?? [];
  }

  override get(): Promise<Shown> {
    const { name, help, type } = this;
    const values = this.read().map(([value, ...labels]): Sample => {
      return { value, labels: Object.fromEntries(this.names.map((label, at) => [label, labels[at] ?? ''])) };
    });
    return Promise.resolve({ name, help, type, aggregator: 'sum', values });
  }

  protected newSeries(): never {
    throw new Error(`${this.name} is read at scrape time`);
  }

  protected samples(): readonly Sample[] {
    return [];
  }
}
