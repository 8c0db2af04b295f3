import type { Priority } from '@facet/contracts';

export interface BulkheadOptions {
  /** Calls to one service that run at once. */
  maxRunning: number;
  /** Calls that wait for a place. The next one is refused, or takes the place of a less important one. */
  maxQueued: number;
}

export const bulkheadDefaults: BulkheadOptions = { maxRunning: 512, maxQueued: 512 };

/** A call that may have to wait. */
export interface Admissible {
  readonly priority: Priority;
  /** It waited, and runs now. */
  admitted(now: number): void;
  /** It waited, and gave its place to a more important one. */
  crowdedOut(now: number): void;
}

const order: readonly Priority[] = ['high', 'normal', 'low'];

/** Bounds what one service may hold of this process; who waits does so by priority. Time is handed in. */
export class Bulkhead {
  readonly #queues: Record<Priority, Set<Admissible>> = {
    high: new Set(),
    normal: new Set(),
    low: new Set(),
  };
  #running = 0;
  #queued = 0;
  #averageMs = 0;
  #isAdmitting = false;

  constructor(private readonly options: BulkheadOptions) {}

  get running(): number {
    return this.#running;
  }

  get queued(): number {
    return this.#queued;
  }

  /** Where a call stands now. One that runs must `leave`; one that is queued may be `withdrawn`. */
  enter(call: Admissible, now: number): 'running' | 'queued' | 'refused' {
    if (this.#running < this.options.maxRunning) {
      this.#running += 1;
      return 'running';
    }
    if (this.#queued >= this.options.maxQueued && !this.#crowdOut(call.priority, now)) return 'refused';
    this.#queues[call.priority].add(call);
    this.#queued += 1;
    return 'queued';
  }

  withdraw(call: Admissible): void {
    if (this.#queues[call.priority].delete(call)) this.#queued -= 1;
  }

  /** A call that ran for `tookMs` is done; the next ones start. */
  leave(tookMs: number, now: number): void {
    this.#averageMs += 0.1 * (tookMs - this.#averageMs);
    this.#running -= 1;
    if (this.#queued > 0 && !this.#isAdmitting) this.#admit(now);
  }

  /** When a refused call may come back: when those before it are through, as far as can be told. */
  get retryAfterMs(): number {
    return Math.ceil(Math.max(50, (this.#averageMs * (this.#queued + 1)) / this.options.maxRunning));
  }

  /** A loop and no recursion, as each may end at once: there may be hundreds. */
  #admit(now: number): void {
    this.#isAdmitting = true;
    while (this.#queued > 0 && this.#running < this.options.maxRunning) {
      const next = this.#first() as Admissible;
      this.withdraw(next);
      this.#running += 1;
      next.admitted(now);
    }
    this.#isAdmitting = false;
  }

  #first(): Admissible | undefined {
    for (const priority of order) for (const call of this.#queues[priority]) return call;
    return undefined;
  }

  /** Whether one that is less important gave its place away: the youngest of the least important. */
  #crowdOut(priority: Priority, now: number): boolean {
    for (const less of order.slice(order.indexOf(priority) + 1).reverse()) {
      const youngest = [...this.#queues[less]].at(-1);
      if (youngest === undefined) continue;
      this.withdraw(youngest);
      youngest.crowdedOut(now);
      return true;
    }
    return false;
  }
}
