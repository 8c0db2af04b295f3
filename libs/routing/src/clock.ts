import type { Signal } from '@facet/contracts';
import { afterReading } from '@facet/platform';

/** Time as the policies see it, so that specs can move it by hand. */
export interface Clock {
  /** Milliseconds on a clock that never goes back, as `performance.now()`. */
  now(): number;
  /** Runs `work` once after `ms`; the function it gives back takes that back. */
  after(ms: number, work: () => void): () => void;
}

export const systemClock: Clock = {
  now: () => performance.now(),
  after: afterReading,
};

/** A wait of `ms` that ends early, without an error, when `signal` fires. */
export function wait(clock: Clock, ms: number, signal: Signal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) return resolve();
    const done = () => {
      cancel();
      signal.removeEventListener('abort', done);
      resolve();
    };
    const cancel = clock.after(ms, done);
    signal.addEventListener('abort', done, { once: true });
  });
}

/**
 * A back-off with full jitter: anything between 0 and `baseMs × 2^attempt`, at most `maxMs`
 * (AWS Architecture Blog, "Exponential Backoff And Jitter").
 */
export function fullJitter(attempt: number, limits: { baseMs: number; maxMs: number }, random: () => number) {
  return random() * Math.min(limits.maxMs, limits.baseMs * 2 ** Math.min(attempt, 30));
}
