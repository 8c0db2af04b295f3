import { Family, type Sample } from './family.js';

/** What only grows. */
export class CounterSeries {
  value = 0;

  inc(by = 1): void {
    this.value += by;
  }
}

/** A counter; its name ends in `_total`. */
export class Counter extends Family<CounterSeries> {
  readonly type = 'counter';

  protected newSeries(): CounterSeries {
    return new CounterSeries();
  }

  protected samples({ value }: CounterSeries, labels: Sample['labels']): readonly Sample[] {
    return [{ labels, value }];
  }
}
