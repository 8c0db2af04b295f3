import type { Caller } from '@facet/contracts';

/** What belongs to one request and is handed along as an argument. */
export interface RequestContext {
  readonly requestId: string;
  /** Our own span, in the form of the `traceparent` header. */
  readonly traceparent: string;
  /** Fires when the client has left or time is up. */
  readonly signal: AbortSignal;
  /** When the answer is of no more use, on the clock of `performance.now()`, in milliseconds. */
  readonly deadline: number;
  readonly caller?: Caller;
}
