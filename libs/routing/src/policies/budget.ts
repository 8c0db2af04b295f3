import { RateWindow } from './rate-window.js';

export interface BudgetOptions {
  /** Repetitions and hedges together, as a share of the calls of the last ten seconds. */
  share: number;
  /** So many within ten seconds are allowed in any case. */
  floor: number;
}

export const budgetDefaults: BudgetOptions = { share: 0.1, floor: 20 };

const WINDOW_MS = 10_000;

/** What one service's repetitions and hedges may add to its load, shared by all calls. Time is handed in. */
export class Budget {
  readonly #window = new RateWindow(WINDOW_MS);

  constructor(private readonly options: BudgetOptions) {}

  /** One more call, which may repeat later. */
  earn(now: number): void {
    this.#window.add(now, false);
  }

  /** True where one more repetition is within the budget; it is then spent. */
  spend(now: number): boolean {
    return this.#spendWithin(1, now);
  }

  /** The same for a hedge. Hedges leave half of the budget to repetitions, without which a call is lost. */
  spendOnHedge(now: number): boolean {
    return this.#spendWithin(0.5, now);
  }

  #spendWithin(part: number, now: number): boolean {
    const { share, floor } = this.options;
    this.#window.forget(now);
    if (this.#window.marked + 1 > part * Math.max(floor, this.#window.total * share)) return false;
    this.#window.mark(now);
    return true;
  }
}
