import type { Emit } from '../events.js';
import { RateWindow } from './rate-window.js';

export interface BreakerOptions {
  /** The share of failed requests within `windowMs` that opens it. */
  failureShare: number;
  /** Fewer requests than this within `windowMs` never open it. */
  minRequests: number;
  /** How long a request counts, in ms. */
  windowMs: number;
  /** How long it stays open before a few requests are let through on trial, in ms. */
  openMs: number;
  /** How many of those; all must succeed for it to close. */
  trials: number;
}

export const breakerDefaults: BreakerOptions = {
  failureShare: 0.5,
  minRequests: 20,
  windowMs: 10_000,
  openMs: 5_000,
  trials: 3,
};

export interface BreakerSetup extends BreakerOptions {
  service: string;
  /** The operation's pattern. */
  operation: string;
  emit: Emit;
}

export type BreakerState = 'closed' | 'open' | 'half-open';

/** How a request was let through. */
export type Pass = 'normal' | 'trial';

/** What a request came to; `neither` says nothing about the service, as where its caller left. */
export type RequestOutcome = 'ok' | 'failed' | 'neither';

/**
 * Stops asking for an operation that fails as a whole, and leaves the service's other operations alone. Counts requests,
 * not calls: a repetition is one more. Time is handed in.
 */
export class Breaker {
  #state: BreakerState = 'closed';
  #openUntil = 0;
  #trialsLeft = 0;
  #trialsWell = 0;
  readonly #window: RateWindow;

  constructor(private readonly options: BreakerSetup) {
    this.#window = new RateWindow(options.windowMs);
  }

  get state(): BreakerState {
    return this.#state;
  }

  /** Forgets what it has counted: the one who was to blame has been taken out. */
  reset(): void {
    this.#window.clear();
  }

  /** Lets a request through, undefined where none may go. What it came to is recorded with the pass. */
  enter(now: number): Pass | undefined {
    if (this.#state === 'closed') return 'normal';
    const { service, operation, trials, emit } = this.options;
    if (this.#state === 'open') {
      if (now < this.#openUntil) return undefined;
      this.#state = 'half-open';
      this.#trialsLeft = trials;
      this.#trialsWell = 0;
      emit['breaker-half-open']?.({ service, operation });
    }
    if (this.#trialsLeft === 0) return undefined;
    this.#trialsLeft -= 1;
    return 'trial';
  }

  /** Milliseconds until a request may be tried, after `enter` let none through. */
  retryAfterMs(now: number): number {
    return this.#state === 'open' ? this.#openUntil - now : this.options.openMs;
  }

  record(pass: Pass, outcome: RequestOutcome, now: number): void {
    if (pass === 'trial') this.#recordTrial(outcome, now);
    else if (outcome !== 'neither') this.#count(outcome === 'failed', now);
  }

  /** A trial that says nothing gives its place to another. */
  #recordTrial(outcome: RequestOutcome, now: number): void {
    if (this.#state !== 'half-open') return;
    if (outcome === 'neither') this.#trialsLeft += 1;
    else if (outcome === 'failed') this.#open(now);
    else if (++this.#trialsWell >= this.options.trials) this.#close();
  }

  #count(isFailed: boolean, now: number): void {
    if (this.#state !== 'closed') return;
    const { failureShare, minRequests } = this.options;
    this.#window.add(now, isFailed);
    const { total, marked } = this.#window;
    if (isFailed && total >= minRequests && marked / total >= failureShare) this.#open(now);
  }

  #open(now: number): void {
    const { openMs, service, operation, emit } = this.options;
    this.#state = 'open';
    this.#openUntil = now + openMs;
    this.#window.clear();
    emit['breaker-open']?.({ service, operation, forMs: openMs });
  }

  #close(): void {
    const { service, operation, emit } = this.options;
    this.#state = 'closed';
    emit['breaker-closed']?.({ service, operation });
  }
}
