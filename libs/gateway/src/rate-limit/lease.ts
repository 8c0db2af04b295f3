import type { Tally } from './interval.js';

/** What an instance has in hand of one principal's window, and what it knows of the rest. Times are the limiter's clock. */
export interface Lease {
  have: number;
  /** What the last answer of Redis added. */
  size: number;
  /** What was left beside it when it was taken. */
  left: number;
  /** The interval that it is of, and what was counted of it then, this lease included. */
  index: number;
  tally: Tally;
  endsAt: number;
  usedAt: number;
  /** Until when a refusal is believed without asking again. */
  refusedUntil: number;
  /** What the refused request would have cost: a cheaper one may still fit. */
  refusedCost: number;
  /** When a refused request may come back. */
  retryAt: number;
  /** What was admitted while Redis was away, and in which interval. */
  owed: number;
  owedIndex: number;
  /** The question to Redis that is under way; it ends in whether Redis is there. */
  asking: Promise<boolean> | undefined;
}

export function noLease(): Lease {
  return {
    ...{ have: 0, size: 0, left: 0, index: -1, tally: { current: 0, previous: 0 }, endsAt: 0, usedAt: 0 },
    ...{ refusedUntil: 0, refusedCost: 0, retryAt: 0 },
    ...{ owed: 0, owedIndex: -1, asking: undefined },
  };
}
