import type { Outcome } from './outcome.js';
import type { Degraded, Outdated } from './report.js';

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
