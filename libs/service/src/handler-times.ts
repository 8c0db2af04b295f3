import { AsyncLocalStorage } from 'node:async_hooks';

/** Takes what a handler does for one request: the transport's collector, where somebody asks for it. */
export interface Times {
  ran(statement: string, ms: number, rows: number): void;
}

const current = new AsyncLocalStorage<Times>();

/** Runs `work` so that its SQL is reported to `times`; without it at no cost. */
export function reportingTo<T>(times: Times | undefined, work: () => T): T {
  return times === undefined ? work() : current.run(times, work);
}

/** Of the request that is worked on. */
export function currentTimes(): Times | undefined {
  return current.getStore();
}

/** Binds a callback to the request that made it. */
export function forThisRequest<Arguments extends unknown[]>(
  callback: (...given: Arguments) => void,
): (...given: Arguments) => void {
  const times = current.getStore();
  return times === undefined ? callback : (...given) => current.run(times, () => callback(...given));
}
