import type { Clock } from '../clock.js';
import type { Tell } from '../events.js';
import { fault } from '../faults.js';
import { isCancelled, isUpstreamFailure } from '../verdict.js';
import type { Layer, Outgoing } from './layer.js';
import { RateWindow } from './rate-window.js';

export interface BreakerOptions {
  /** The share of failed requests within `windowMs` that opens it. */
  failureShare: number;
  /** Fewer requests than this within `windowMs` never open it. */
  minRequests: number;
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
  clock: Clock;
  tell: Tell;
  /** Whether the instance that a call was last sent to has been taken out meanwhile: its failures are dealt with. */
  isDealtWith: (outgoing: Outgoing) => boolean;
}

export type BreakerState = 'closed' | 'open' | 'half-open';

/** Stops asking a service that fails as a whole. Counts requests, not calls: a repetition is one more. */
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
  forgive(): void {
    this.#window.clear();
  }

  readonly layer: Layer = (next) => async (outgoing) => {
    const { service } = this.options;
    const refusal = this.#refuses();
    if (refusal !== undefined) {
      throw fault('upstream.unavailable', { service, policy: 'breaker', retryAfterMs: Math.ceil(refusal) });
    }
    const isTrial = this.#state === 'half-open';
    try {
      const answer = await next(outgoing);
      this.#record(false, isTrial);
      return answer;
    } catch (error) {
      if (isCancelled(error)) this.#neither(isTrial);
      else this.#record(isUpstreamFailure(error) && !this.options.isDealtWith(outgoing), isTrial);
      throw error;
    }
  };

  /** Milliseconds until a request may be tried, where none may now. */
  #refuses(): number | undefined {
    const { clock, openMs, trials, service, tell } = this.options;
    if (this.#state === 'closed') return undefined;
    const now = clock.now();
    if (this.#state === 'open') {
      if (now < this.#openUntil) return this.#openUntil - now;
      this.#state = 'half-open';
      this.#trialsLeft = Math.max(1, trials);
      this.#trialsWell = 0;
      tell['breaker-half-open']?.({ service });
    }
    if (this.#trialsLeft === 0) return openMs;
    this.#trialsLeft -= 1;
    return undefined;
  }

  #record(failed: boolean, isTrial: boolean): void {
    const { clock, trials, failureShare, minRequests } = this.options;
    if (isTrial) {
      if (this.#state !== 'half-open') return;
      if (failed) return this.#open();
      this.#trialsWell += 1;
      if (this.#trialsWell >= Math.max(1, trials)) this.#close();
      return;
    }
    if (this.#state !== 'closed') return;
    this.#window.add(clock.now(), failed);
    const { total, marked } = this.#window;
    if (failed && total >= minRequests && marked / total >= failureShare) this.#open();
  }

  /** A trial that its caller cancelled says nothing; another may take its place. */
  #neither(isTrial: boolean): void {
    if (isTrial && this.#state === 'half-open') this.#trialsLeft += 1;
  }

  #open(): void {
    const { clock, openMs, service, tell } = this.options;
    this.#state = 'open';
    this.#openUntil = clock.now() + openMs;
    this.#window.clear();
    tell['breaker-open']?.({ service, forMs: openMs });
  }

  #close(): void {
    this.#state = 'closed';
    this.options.tell['breaker-closed']?.({ service: this.options.service });
  }
}
