import { systemClock } from '@facet/contracts';
import type { z } from 'zod';
import type { Aggregation, Flat } from './aggregation.js';
import { Execution, type RunOptions } from './execution.js';
import type { Arrival, Outcome } from './outcome.js';

type InputOf<I extends z.ZodType> = z.output<I>;

/**
 * Makes the whole answer; deferred parts are waited for like optional ones. Rejects with an `AggregationError` as soon
 * as a required part is missing, the client has left or an input or shape of ours has failed, and cancels what is still
 * running.
 */
export async function run<I extends z.ZodType, First extends object, Later extends object>(
  aggregation: Aggregation<I, First, Later>,
  options: RunOptions<InputOf<I>>,
): Promise<Outcome<Flat<First & Later>>> {
  const execution = new Execution(aggregation, { ...options, clock: options.clock ?? systemClock });
  return (await execution.whole()) as Outcome<Flat<First & Later>>;
}

/** An answer in pieces. */
export interface Streamed<First, Whole> {
  /** All but the deferred parts. It may never be stored: it is not the whole. */
  readonly first: Outcome<First>;
  /** The deferred parts in the order of their arrival. Leaving the loop early cancels those that are under way. */
  readonly arrivals: AsyncIterable<Arrival>;
  /** The whole answer, once all has arrived. */
  readonly whole: Promise<Outcome<Whole>>;
}

/** Like `run`, but resolves once everything except the deferred parts is there; those follow one by one. */
export async function runStreamed<I extends z.ZodType, First extends object, Later extends object>(
  aggregation: Aggregation<I, First, Later>,
  options: RunOptions<InputOf<I>>,
): Promise<Streamed<First, Flat<First & Later>>> {
  const execution = new Execution(aggregation, { ...options, clock: options.clock ?? systemClock });
  const first = (await execution.first()) as Outcome<First>;
  const whole = execution.whole() as Promise<Outcome<Flat<First & Later>>>;
  whole.catch(() => undefined);
  return { first, arrivals: execution.arrivals(), whole };
}
