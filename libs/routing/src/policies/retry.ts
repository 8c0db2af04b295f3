export interface RetryOptions {
  /** Requests that one call may cause one after the other. */
  maxAttempts: number;
  /** The back-off before a second repetition, or before the first where no other instance is left; full jitter, in ms. */
  baseMs: number;
  /** The longest such pause, in ms. */
  maxMs: number;
}

export const retryDefaults: RetryOptions = { maxAttempts: 3, baseMs: 25, maxMs: 250 };
