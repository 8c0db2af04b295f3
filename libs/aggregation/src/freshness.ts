import type { Operation } from '@facet/contracts';

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

export const incomplete: Freshness = { store: false, because: 'incomplete' };
const notStored: Freshness = { store: false, because: 'a part may not be stored' };

/** A part that has an answer: what its contract allows, and how old the answer is. */
export interface Aged {
  readonly freshness: Operation['freshness'];
  readonly ageMs: number;
}

/**
 * The shortest lifetime of all parts that were asked, once their age is taken off: first from being fresh, then from being
 * stale.
 */
export function freshnessOf(asked: readonly Aged[], readsCaller: boolean): Freshness {
  if (asked.length === 0) return notStored;
  let maxAge = Infinity;
  let stale = Infinity;
  let isPrivate = readsCaller;
  for (const { freshness, ageMs } of asked) {
    if (freshness === undefined) return notStored;
    const { ttlMs, staleWhileRevalidateMs = 0, perCaller = false } = freshness;
    const left = Math.max(0, ttlMs - ageMs);
    maxAge = Math.min(maxAge, left);
    stale = Math.min(stale, Math.max(0, ttlMs + staleWhileRevalidateMs - ageMs - left));
    isPrivate ||= perCaller;
  }
  const scope = isPrivate ? 'private' : 'public';
  return { store: true, maxAgeMs: maxAge, staleWhileRevalidateMs: stale, scope };
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
