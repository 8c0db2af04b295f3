import type { CallRequest } from './call.js';
import type { Priority } from './priority.js';

/**
 * A call to a service while it is made and after it: what records of requests are read from. Times are on the clock of
 * `performance.now()`, in milliseconds; 0 for what has not happened.
 */
export interface SentCall {
  /** What was asked for; its `origin` is the request that it was sent for. */
  readonly request: CallRequest;
  readonly priority: Priority;
  readonly startedAt: number;
  /** When it had a place in the bulkhead. */
  readonly admittedAt: number;
  readonly endedAt: number;
  /** `ok` or the code of its fault; empty while it is under way. */
  readonly code: string;
  /** Every request that was sent for it, in the order of their start. */
  readonly attempts: readonly SentAttempt[];
}

/** Why an instance was asked. `redirect`: the one before asked for another, or does not know the operation. */
export type AttemptReason = 'first' | 'retry' | 'hedge' | 'redirect';

/** One request to one instance. */
export interface SentAttempt {
  /** The instance's address, `host:port`. */
  readonly address: string;
  readonly why: AttemptReason;
  readonly startedAt: number;
  readonly endedAt: number;
  /** `ok`, `remote` for an error that the service answered with, or the code of what failed. */
  readonly code: string;
  /** Of its span, 16 hexadecimal digits, where one was drawn. */
  readonly spanId: string | undefined;
  /** What the service says of its own share, where it was asked and can. */
  readonly server: ServerTimes | undefined;
}

/** A service's own times of one request, in milliseconds. It is the service's word. */
export interface ServerTimes {
  /** From the request's arrival until its handler began. */
  readonly queueMs: number;
  readonly handlerMs: number;
  readonly sql: readonly SqlTimes[];
}

export interface SqlTimes {
  /** With the places of its parameters, never their values. */
  readonly statement: string;
  /** From the begin of the handler. */
  readonly startMs: number;
  readonly ms: number;
  readonly rows: number;
}
