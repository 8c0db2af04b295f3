import type { Freshness } from '@facet/contracts';

/**
 * How old an answer counts as: so old that it is fresh for as long as its service says, and never for longer than its contract
 * does. In ms.
 */
export function ageOf(
  headers: { readonly 'cache-control'?: unknown; readonly age?: unknown },
  { ttlMs, staleWhileRevalidateMs = 0 }: Freshness,
): number {
  const directives = directivesOf(headers['cache-control']);
  if (['no-store', 'no-cache', 'private'].some((name) => directives.has(name)))
    return ttlMs + staleWhileRevalidateMs;
  const lifetime = secondsOf(directives.get('s-maxage') ?? directives.get('max-age'));
  const spent = (secondsOf(headers.age) ?? 0) * 1_000;
  if (lifetime === undefined) return Math.min(spent, ttlMs + staleWhileRevalidateMs);
  const age = ttlMs - Math.max(0, lifetime * 1_000 - spent);
  return Math.min(Math.max(0, age), ttlMs + staleWhileRevalidateMs);
}

function directivesOf(value: unknown): ReadonlyMap<string, string> {
  if (typeof value !== 'string') return new Map();
  const directives = value.split(',').map((each) => each.trim().toLowerCase().split('=', 2));
  return new Map(directives.map(([name = '', text = '']) => [name, text.replaceAll('"', '')]));
}

function secondsOf(value: unknown): number | undefined {
  return typeof value === 'string' && /^\d{1,10}$/.test(value) ? Number(value) : undefined;
}
