import type { Clock, Signal } from '@facet/contracts';

export { systemClock, type Clock } from '@facet/contracts';

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
