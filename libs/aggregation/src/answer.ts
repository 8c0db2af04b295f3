import { asCodedError, cancelledError, systemClock } from '@facet/contracts';
import type { z } from 'zod';
import type { Aggregation, Flat } from './aggregation.js';
import { Outcome } from './outcome.js';
import { compile, type PlannedPart } from './plan.js';
import { reportOf } from './record.js';
import type { Arrival } from './report.js';
import { Run, type RunListener, type RunOptions } from './run.js';

/**
 * Makes the whole answer; deferred parts are waited for like optional ones. Rejects with a `CodedError` as soon as a
 * required part is missing, the client has left or an input or shape of ours has failed, and cancels what is still running.
 */
export function run<I extends z.ZodType, First extends object, Later extends object>(
  aggregation: Aggregation<I, First, Later>,
  options: RunOptions<z.output<I>>,
): Promise<Outcome<Flat<First & Later>>> {
  return new Promise((resolve, reject: (error: unknown) => void) => {
    const running = newRun(aggregation, options, {
      first: ignore,
      deferred: ignore,
      complete: () => {
        try {
          const outcome = new Outcome(running, () => valueOf(running, shapeOf(running)), 'all');
          resolve(outcome as Outcome<Flat<First & Later>>);
        } catch (error) {
          reject(asCodedError(error));
        }
      },
      failed: reject,
    });
    running.start();
  });
}

/** An answer in pieces. */
export interface Streamed<First, Complete> {
  /** All but the deferred parts. It may never be stored: it is not the whole. */
  readonly first: Outcome<First>;
  /** The deferred parts in the order of their arrival. Leaving the loop early cancels those that are under way. */
  readonly arrivals: AsyncIterableIterator<Arrival>;
  /** The whole answer, once all has arrived. */
  readonly complete: Promise<Outcome<Complete>>;
}

/** Like `run`, but resolves once everything except the deferred parts is there; those follow one by one. */
export function runStreamed<I extends z.ZodType, First extends object, Later extends object>(
  aggregation: Aggregation<I, First, Later>,
  options: RunOptions<z.output<I>>,
): Promise<Streamed<First, Flat<First & Later>>> {
  const streamed = Promise.withResolvers<Streamed<First, Flat<First & Later>>>();
  const complete = Promise.withResolvers<Outcome<Flat<First & Later>>>();
  complete.promise.catch(ignore);
  let shaped: object;
  const running = newRun(aggregation, options, {
    first: () => {
      try {
        shaped = shapeOf(running);
        const first = new Outcome(running, () => shaped as First, 'first');
        streamed.resolve({ first, arrivals, complete: complete.promise });
      } catch (error) {
        running.end(asCodedError(error));
      }
    },
    deferred: (planned) => arrivals.push(planned),
    complete: () => {
      const outcome = new Outcome(running, () => valueOf(running, shaped), 'all');
      complete.resolve(outcome as Outcome<Flat<First & Later>>);
    },
    failed: (error) => {
      streamed.reject(error);
      complete.reject(error);
      arrivals.fail(error);
    },
  });
  const arrivals = new Arrivals(running);
  running.start();
  return streamed.promise;
}

const ignore = (): void => undefined;

function newRun<I extends z.ZodType>(
  aggregation: Aggregation<I>,
  options: RunOptions<z.output<I>>,
  listener: RunListener,
): Run {
  return new Run(compile(aggregation), { ...options, clock: options.clock ?? systemClock }, listener);
}

function shapeOf(running: Run): object {
  const { aggregation, firsts } = running.plan;
  return aggregation.shape(running.contextOf(firsts));
}

/** The whole answer: the shape's, and the fields of the deferred parts. */
function valueOf({ plan, views }: Run, shaped: object): object {
  if (!plan.hasDeferred) return shaped;
  const value: Record<string, unknown> = { ...shaped };
  for (const { index, part, isDeferred } of plan.parts) {
    if (isDeferred && !part.hidden && views[index] !== undefined) value[part.name] = views[index];
  }
  return value;
}

/** The deferred parts of a run, as they arrive. */
class Arrivals implements AsyncIterableIterator<Arrival> {
  readonly #arrived: Arrival[] = [];
  #left: number;
  #failure: Error | undefined;
  #change = Promise.withResolvers<void>();

  constructor(private readonly running: Run) {
    this.#left = running.plan.parts.filter(({ isDeferred, part }) => isDeferred && !part.hidden).length;
  }

  push(planned: PlannedPart): void {
    if (planned.part.hidden) return;
    const { index, part } = planned;
    this.#arrived.push({
      part: part.name,
      value: this.running.views[index],
      report: reportOf(this.running, planned),
    });
    this.#change.resolve();
  }

  fail(error: Error): void {
    this.#failure = error;
    this.#change.resolve();
  }

  async next(): Promise<IteratorResult<Arrival>> {
    for (;;) {
      const value = this.#arrived.shift();
      if (value !== undefined) {
        this.#left -= 1;
        return { done: false, value };
      }
      if (this.#left === 0) return { done: true, value: undefined };
      if (this.#failure !== undefined) throw this.#failure;
      await this.#change.promise;
      this.#change = Promise.withResolvers();
    }
  }

  /** The reader leaves, whether or not it has begun to read: what is under way for it alone is cancelled. */
  return(): Promise<IteratorResult<Arrival>> {
    if (this.#left > 0) this.running.end(cancelledError(undefined));
    this.#left = 0;
    this.#arrived.length = 0;
    return Promise.resolve({ done: true, value: undefined });
  }

  [Symbol.asyncIterator](): this {
    return this;
  }
}
