import type { Freshness } from './freshness.js';
import { rounded, type Outcome } from './outcome.js';
import type { Degraded, Outdated, PartReport } from './report.js';

/** How an answer was made, as a client may see it who is allowed to ask. Times in milliseconds from its start. */
export interface Explanation {
  readonly aggregation: string;
  readonly deadlineMs: number;
  readonly tookMs: number;
  readonly freshness: Freshness;
  readonly parts: readonly Omit<PartReport, 'error'>[];
  readonly calls: readonly {
    readonly service: string;
    readonly operation: string;
    readonly parts: readonly string[];
    readonly ids?: number;
    readonly startedMs: number;
    /** Absent for a call that nobody waited for any more. */
    readonly tookMs?: number;
    /** Whether a service made it now, or it had been kept. */
    readonly source?: 'fresh' | 'cached' | 'stale';
  }[];
}

/** The whole account of an answer: its parts, and the calls that were really made for them. No values, no errors. */
export function explain(outcome: Outcome<unknown>): Explanation {
  const { aggregation, deadlineMs, freshness } = outcome;
  return {
    aggregation,
    deadlineMs,
    tookMs: rounded(outcome.tookMs),
    freshness,
    parts: outcome.parts.map(({ error: _error, ...part }) => ({
      ...part,
      ...(part.ageMs === undefined ? {} : { ageMs: rounded(part.ageMs) }),
      startedMs: rounded(part.startedMs),
      tookMs: rounded(part.tookMs),
    })),
    calls: outcome.calls.map(({ startedAt, endedAt, ...call }) => ({
      ...call,
      startedMs: rounded(startedAt - outcome.startedAt),
      ...(endedAt === undefined ? {} : { tookMs: rounded(endedAt - startedAt) }),
    })),
  };
}

/** What a body says of itself in `meta`: nothing while it is whole, and as young as its contracts want it. */
export function metaOf(outcome: Outcome<unknown>): Meta | undefined {
  if (outcome.isComplete) return undefined;
  const { degraded, outdated } = outcome;
  if (degraded.length === 0 && outdated.length === 0) return undefined;
  return {
    ...(degraded.length === 0 ? {} : { degraded }),
    ...(outdated.length === 0 ? {} : { outdated }),
  };
}

export interface Meta {
  /** The parts that the answer had to do without, and why. */
  readonly degraded?: readonly Degraded[];
  /** The parts that are older than they should be, as nobody can make new ones at present. */
  readonly outdated?: readonly Outdated[];
}
