import type { Clock } from './clock.js';

export interface Limit {
  readonly clock: Clock;
  /** Milliseconds that the work may take. */
  readonly ms: number;
  /** Ends the work early, with its reason. */
  readonly signal?: AbortSignal;
  /** The error once time is up. */
  readonly late: () => Error;
}

/**
 * Does some work within a time. Rejects as soon as the time is up or the signal fires, whether or not the work listens
 * to the signal that it is handed; it is never started where nothing is left.
 */
export function within<T>(limit: Limit, work: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const { clock, ms, signal, late } = limit;
  if (signal?.aborted) return Promise.reject(signal.reason as Error);
  if (!(ms > 0)) return Promise.reject(late());
  return new Promise((resolve, reject) => {
    const controller = new AbortController();
    const stopTimer = clock.after(ms, () => controller.abort(late()));
    const leave = () => controller.abort(signal?.reason);
    signal?.addEventListener('abort', leave, { once: true });
    const settle = (report: () => void) => {
      stopTimer();
      signal?.removeEventListener('abort', leave);
      report();
    };
    controller.signal.addEventListener('abort', () =>
      settle(() => reject(controller.signal.reason as Error)),
    );
    work(controller.signal).then(
      (value) => settle(() => resolve(value)),
      (error: Error) => settle(() => reject(error)),
    );
  });
}
