import type { Clock } from './clock.js';

interface Timer {
  readonly at: number;
  readonly action: () => void;
}

/** Time that stands still until it is moved: what waits on it takes no time, and depends on no machine. For specs and for trying things out. */
export class VirtualClock implements Clock {
  private readonly timers = new Set<Timer>();

  constructor(private time = 0) {}

  now(): number {
    return this.time;
  }

  after(ms: number, action: () => void): () => void {
    const timer = { at: this.time + Math.max(0, ms), action };
    this.timers.add(timer);
    return () => this.timers.delete(timer);
  }

  /** Resolves `ms` later on this clock. */
  sleep(ms: number): Promise<void> {
    return new Promise((resolve) => void this.after(ms, resolve));
  }

  /** How many timers are set. */
  get pending(): number {
    return this.timers.size;
  }

  /** Lets time go on, from timer to timer, until `work` has settled. Throws where it waits for something else. */
  async settle<T>(work: Promise<T>): Promise<T> {
    let settled = false;
    const done = () => {
      settled = true;
    };
    work.then(done, done);
    for (;;) {
      await turn();
      if (settled) return work;
      if (!this.next()) throw new Error('what is waited for depends on no timer of this clock');
    }
  }

  /** Lets `ms` go by: what is due meanwhile happens, each at its own time. */
  async advance(ms: number): Promise<void> {
    const end = this.time + ms;
    while (this.nextAt <= end) {
      this.next();
      await turn();
    }
    this.time = end;
    await turn();
  }

  /** Lets everything that is set happen. */
  async drain(): Promise<void> {
    do await turn();
    while (this.next());
  }

  private get nextAt(): number {
    return Math.min(Infinity, ...[...this.timers].map(({ at }) => at));
  }

  /** What is due at the same time happens in the same turn of the event loop, in the order in which it was set. */
  private next(): boolean {
    if (this.timers.size === 0) return false;
    this.time = this.nextAt;
    for (const timer of [...this.timers].filter(({ at }) => at === this.time)) {
      if (this.timers.delete(timer)) timer.action();
    }
    return true;
  }
}

/** Everything that follows from what has happened so far has happened, after one turn of the event loop. */
function turn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
