import type { Clock } from '@facet/contracts';

/** Something that is waited for, until a time on the run's clock. */
export interface Wait {
  readonly until: number;
  /** The error once time is up. */
  readonly late: () => Error;
  /** Ends the wait early. */
  readonly stop: (reason: Error) => void;
}

/**
 * What one run waits for. It has one timer however many parts there are, and no `AbortSignal`: each of these costs as
 * much as several calls of a function, and only what leaves this library needs one.
 */
export class Waits {
  private readonly waits = new Set<Wait>();
  private wakeAt = Infinity;
  private stopTimer: () => void = () => undefined;
  private endedFor: Error | undefined;

  constructor(private readonly clock: Clock) {}

  /** Throws the reason where the run has been ended. */
  throwIfEnded(): void {
    if (this.endedFor !== undefined) throw this.endedFor;
  }

  add(wait: Wait): void {
    this.waits.add(wait);
    if (wait.until < this.wakeAt) this.wake(wait.until);
  }

  /** It has what it waited for. */
  done(wait: Wait): void {
    this.waits.delete(wait);
    if (this.waits.size === 0) this.sleep();
  }

  /** Ends everything that is waited for, now and later. The first reason holds. */
  end(reason: Error): void {
    if (this.endedFor !== undefined) return;
    this.endedFor = reason;
    for (const wait of [...this.waits]) wait.stop(reason);
  }

  private wake(at: number): void {
    this.stopTimer();
    this.wakeAt = at;
    this.stopTimer = this.clock.after(at - this.clock.now(), () => this.sweep());
  }

  private sleep(): void {
    this.stopTimer();
    this.wakeAt = Infinity;
  }

  private sweep(): void {
    this.wakeAt = Infinity;
    const now = this.clock.now();
    for (const wait of [...this.waits]) if (wait.until <= now) wait.stop(wait.late());
    const next = Math.min(...[...this.waits].map(({ until }) => until));
    if (next < this.wakeAt) this.wake(next);
  }
}
