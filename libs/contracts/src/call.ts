import type { Signal } from './signal.js';
import type { InputOf, Operation, OutputOf } from './operation.js';

/** What goes along with one call to a service. */
export interface CallOptions {
  /** Fires when nobody waits for the answer any more; everything behind the call is then cancelled. */
  readonly signal: Signal;
  /** When the answer is of no more use, on the clock of `performance.now()`, in milliseconds. */
  readonly deadline: number;
  /** The fields of the output that the caller reads, as paths (`items.price.amount`); all of them where absent. */
  readonly fields?: readonly string[];
  /** The answer is only passed on: its value may then be a `RawJson`. */
  readonly raw?: boolean;
}

/** An answer and where it came from. */
export interface Answer<T> {
  readonly value: T;
  readonly source: 'fresh' | 'cached' | 'stale';
  /** Milliseconds since the service made it; 0 for a fresh one. */
  readonly ageMs: number;
  /** What was asked for as `CallOptions.fields`, where the value has these fields and no others for sure. */
  readonly fields?: readonly string[];
}

/**
 * The one way to reach a service. Rejects with an error that has a stable string `code` and an HTTP `status`.
 * What implements it is made for one request and knows its caller and trace.
 */
export type Call = <O extends Operation>(
  operation: O,
  input: InputOf<O>,
  options: CallOptions,
) => Promise<Answer<OutputOf<O>>>;
