import type { Freshness, Outcome } from '@facet/aggregation';
import { metaOf, type Meta as Incomplete } from '@facet/aggregation';
import type { CallRecord, PartRecord, RequestRecord } from './record.js';

/** How an answer was made, as a client may see it who is allowed to ask: of its record what concerns the aggregation. */
export interface Explanation {
  readonly aggregation: string;
  readonly deadlineMs: number;
  /** From the start of the request until this was written. */
  readonly tookMs: number;
  readonly freshness: Freshness;
  readonly parts: readonly PartRecord[];
  readonly calls: readonly CallRecord[];
}

/** What an answer says of itself. */
export interface Meta extends Incomplete {
  readonly explain?: Explanation;
}

/** The `meta` of an answer: where something is missing or too old, or an account was asked for; else undefined. */
export function metaFor(outcome: Outcome<object>, explainedBy?: () => RequestRecord): Meta | undefined {
  const meta = metaOf(outcome);
  if (explainedBy === undefined) return meta;
  const { aggregation, deadlineMs, freshness } = outcome;
  const { parts, calls, durationMs: tookMs } = explainedBy();
  return {
    ...meta,
    explain: { aggregation, deadlineMs, tookMs, freshness, parts, calls },
  };
}
