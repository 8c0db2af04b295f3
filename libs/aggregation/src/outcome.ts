import type { PartKind } from './aggregation.js';
import type { Freshness } from './freshness.js';
import type { CallReport } from './loader.js';

/**
 * How a part came by its value. `fresh`, `cached`, `stale`: an answer. `default`: the default stands in for an answer
 * that failed. `missing`: it failed and nothing stands in. `skipped`: there was nothing to ask.
 */
export type PartStatus = 'fresh' | 'cached' | 'stale' | 'default' | 'missing' | 'skipped';

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

/** An answer, and how it was made. */
export interface Outcome<T> {
  readonly aggregation: string;
  readonly value: T;
  /** In the order of their declaration. */
  readonly parts: readonly PartReport[];
  readonly degraded: readonly Degraded[];
  readonly outdated: readonly Outdated[];
  readonly freshness: Freshness;
  /** The calls that were really made, each for one part or more. */
  readonly calls: readonly CallReport[];
  /** On the run's clock, in milliseconds. */
  readonly startedAt: number;
  readonly tookMs: number;
  readonly deadlineMs: number;
}
