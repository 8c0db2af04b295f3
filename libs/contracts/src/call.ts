import type { InputOf, Operation, OutputOf } from './operation.js';
import { selectionOf, type FirstOf, type Selection } from './selection.js';
import { Cancellation, type Signal } from './signal.js';

/** One call to a service. */
export interface CallRequest {
  readonly selection: Selection;
  readonly input: unknown;
  /** When the answer is of no more use, on the clock of `performance.now()`, in milliseconds. */
  readonly deadline: number;
  /** The request that this one is sent for, where something stands between them, such as a cache. */
  readonly origin?: CallRequest;
}

/** An answer and where it came from. */
export interface Answer<T> {
  readonly value: T;
  readonly source: 'fresh' | 'cached' | 'stale';
  /** Milliseconds since the service made it; 0 for a fresh one. */
  readonly ageMs: number;
  /** What was asked for as `CallOptions.fields`, where the value has these fields and no others for sure. */
  readonly fields?: readonly string[];
  /** What was asked for as `Selection.first`, where the list has no more items for sure. */
  readonly first?: FirstOf;
}

/**
 * Hears how a call ends: exactly one of the two, once, never after the cancel; possibly before `dispatch` returns, as
 * where the answer is cached.
 */
export interface AnswerHandler {
  arrived(answer: Answer<unknown>): void;
  /** `error` has a stable string `code` and an HTTP `status`, or is a defect. */
  missed(error: unknown): void;
}

/** Gives a call up: nothing is heard of it any more, and everything behind it ends. After its end it does nothing. */
export type Cancel = (reason?: unknown) => void;

/** The one way to reach a service. What implements it is made for one request and knows its caller and trace. */
export type Dispatch = (request: CallRequest, handler: AnswerHandler) => Cancel;

/** What goes along with a `Call`. */
export interface CallOptions {
  /** Fires when nobody waits for the answer any more; everything behind the call is then cancelled. */
  readonly signal: Signal;
  /** When the answer is of no more use, on the clock of `performance.now()`, in milliseconds. */
  readonly deadline: number;
  /** The fields of the output that the caller reads, as paths (`items.price.amount`); all of them where absent. */
  readonly fields?: readonly string[];
  /** The list of the output of which only the first items are read. */
  readonly first?: FirstOf;
  /** The answer is only passed on: its value may then be a `RawJson`. */
  readonly raw?: boolean;
  /** See `CallRequest.origin`. */
  readonly origin?: CallRequest;
}

/**
 * `Dispatch` as a promise, for sagas, preparations and people's own code. Rejects with an error that has a stable string
 * `code` and an HTTP `status`.
 */
export type Call = <O extends Operation>(
  operation: O,
  input: InputOf<O>,
  options: CallOptions,
) => Promise<Answer<OutputOf<O>>>;

/** What a call rejects with whose signal fired. */
export type CancelledBy = (request: CallRequest, reason: unknown) => Error;

/** Calls over `dispatch`. One whose signal fires rejects with what `cancelledBy` makes of it, the signal's reason where absent. */
export function callOf(dispatch: Dispatch, cancelledBy: CancelledBy = (_, reason) => reason as Error): Call {
  return (operation, input, { signal, deadline, fields, first, raw = false, origin }) =>
    new Promise((resolve, reject) => {
      const options = { opaque: raw, ...(fields && { fields }), ...(first && { first }) };
      const selection = selectionOf(operation, options);
      const request = { selection, input, deadline, ...(origin && { origin }) };
      if (signal.aborted) return reject(cancelledBy(request, signal.reason));
      const fail: (error: unknown) => void = reject;
      let isOver = false;
      const onAbort = () => {
        cancel(signal.reason);
        reject(cancelledBy(request, signal.reason));
      };
      const end = () => {
        isOver = true;
        signal.removeEventListener('abort', onAbort);
      };
      const cancel = dispatch(request, {
        arrived: (answer) => {
          end();
          resolve(answer as Answer<OutputOf<typeof operation>>);
        },
        missed: (error) => {
          end();
          fail(error);
        },
      });
      if (!isOver) signal.addEventListener('abort', onAbort, { once: true });
    });
}

/** The other way round, for what still is a `Call`. */
export function dispatchOf(call: Call): Dispatch {
  return ({ selection, input, deadline }, handler) => {
    const { operation, fields, first, opaque: raw } = selection;
    const signal = new Cancellation();
    const read = { raw, ...(fields && { fields }), ...(first && { first }) };
    call(operation, input, { signal, deadline, ...read }).then(
      (answer) => signal.aborted || handler.arrived(answer),
      (error: unknown) => signal.aborted || handler.missed(error),
    );
    return (reason) => signal.cancel(reason);
  };
}
