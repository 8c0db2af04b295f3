import type { CallRequest } from '@facet/contracts';
import type { PartKind } from './aggregation.js';

/**
 * How a part came by its value. `fresh`, `cached`, `stale`: an answer. `default`: the default stands in for an answer
 * that failed. `missing`: it failed and nothing stands in. `skipped`: there was nothing to ask.
 */
export type PartStatus = 'fresh' | 'cached' | 'stale' | 'default' | 'missing' | 'skipped';

/** Whether an answer does without the part. */
export function isDegraded(status: string | undefined): boolean {
  return status === 'default' || status === 'missing';
}

/** What became of one part. Times in milliseconds. */
export interface PartReport {
  readonly part: string;
  readonly kind: PartKind;
  readonly service: string;
  readonly operation: string;
  readonly status: PartStatus;
  /** How old the value was when it arrived; absent where no service made it. */
  readonly ageMs?: number;
  /** From the start of the run. */
  readonly startedMs: number;
  readonly tookMs: number;
  /** Why a value is missing: the code of the error. */
  readonly reason?: string;
  /** The error itself: for the log, never for a client. */
  readonly error?: unknown;
}

/** One call that was made for one or more parts. Times in milliseconds on the run's clock. */
export interface CallReport {
  /** What was dispatched. */
  readonly request: CallRequest;
  readonly service: string;
  readonly operation: string;
  readonly parts: string[];
  /** How many ids a call by ids carried. */
  readonly ids?: number;
  readonly startedAt: number;
  /** Absent for a call that nobody waited for any more. */
  endedAt?: number;
  /** Where its answer came from; absent where there was none. */
  source?: 'fresh' | 'cached' | 'stale';
}

/** A deferred part that has arrived, or has failed to. */
export interface Arrival {
  readonly part: string;
  /** The field of the answer, under the part's name; undefined where it stays absent. */
  readonly value: unknown;
  readonly report: PartReport;
}

/** A part that the answer had to do without. */
export interface Degraded {
  readonly part: string;
  readonly reason: string;
}

/** A part whose answer is older than its contract allows, as its service cannot make a new one at present. */
export interface Outdated {
  readonly part: string;
  readonly ageSeconds: number;
}
