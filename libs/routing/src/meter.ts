import type { AttemptReason, Operation } from '@facet/contracts';

/** Counts what becomes of the calls of one operation: made once for each, so that a call only adds numbers. */
export interface OperationMeter {
  /** A call is over; `code` is `ok` or the code of its fault. */
  call(code: string, tookMs: number): void;
  /** One request to one instance is over. `code` is `ok`, `remote` for a business error, or what failed. */
  attempt(why: AttemptReason, code: string): void;
}

export type Meter = (operation: Operation) => OperationMeter;
