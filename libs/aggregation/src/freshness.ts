import type { Part } from './aggregation.js';
import type { Outdated, PartReport } from './outcome.js';

/** How long a whole answer may be reused, from what its parts allow. */
export type Freshness =
  | {
      readonly store: true;
      readonly maxAgeMs: number;
      readonly staleWhileRevalidateMs: number;
      /** `private` as soon as one part, or the aggregation itself, depends on who asks. */
      readonly scope: 'public' | 'private';
    }
  | { readonly store: false; readonly because: 'incomplete' | 'a part may not be stored' };

export interface Made {
  readonly part: Part;
  readonly report: PartReport;
}

/** The shortest lifetime of all parts that were asked; an incomplete answer is never stored. */
export function freshnessOf(made: readonly Made[], readsCaller: boolean): Freshness {
  if (made.some(({ report }) => isDegraded(report))) return { store: false, because: 'incomplete' };
  const asked = made.filter(({ report }) => report.status !== 'skipped');
  const lifetimes = asked.map(lifetimeOf);
  if (asked.length === 0 || lifetimes.includes(undefined)) {
    return { store: false, because: 'a part may not be stored' };
  }
  const known = lifetimes.filter((lifetime) => lifetime !== undefined);
  return {
    store: true,
    maxAgeMs: Math.min(...known.map(({ maxAgeMs }) => maxAgeMs)),
    staleWhileRevalidateMs: Math.min(...known.map(({ staleMs }) => staleMs)),
    scope: readsCaller || known.some(({ perCaller }) => perCaller) ? 'private' : 'public',
  };
}

export function isDegraded(report: PartReport): boolean {
  return report.status === 'default' || report.status === 'missing';
}

/** Whether a part is older than its contract allows, and how old. */
export function outdatedOf({ part, report }: Made): Outdated[] {
  const { ttlMs, staleWhileRevalidateMs = 0 } = part.operation.freshness ?? { ttlMs: Infinity };
  const { ageMs = 0 } = report;
  if (ageMs < ttlMs + staleWhileRevalidateMs || report.status !== 'stale') return [];
  return [{ part: part.name, ageSeconds: Math.floor(ageMs / 1_000) }];
}

/** What is left of a part's lifetime once its age is taken off, first from being fresh, then from being stale. */
function lifetimeOf({ part, report }: Made) {
  const declared = part.operation.freshness;
  if (declared === undefined) return undefined;
  const { ttlMs, staleWhileRevalidateMs = 0, perCaller = false } = declared;
  const age = report.ageMs ?? 0;
  const maxAgeMs = Math.max(0, ttlMs - age);
  return { maxAgeMs, staleMs: Math.max(0, ttlMs + staleWhileRevalidateMs - age - maxAgeMs), perCaller };
}

/** The value of `Cache-Control` (RFC 9111, RFC 5861), in whole seconds, rounded down. */
export function cacheControl(freshness: Freshness): string {
  if (!freshness.store) return 'no-store';
  const seconds = (ms: number) => Math.floor(ms / 1_000);
  const directives = [freshness.scope, `max-age=${seconds(freshness.maxAgeMs)}`];
  const stale = seconds(freshness.staleWhileRevalidateMs);
  if (stale > 0) directives.push(`stale-while-revalidate=${stale}`);
  return directives.join(', ');
}
