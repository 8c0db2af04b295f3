import { orders } from './orders.js';
import { byPopularity, shelves } from './popularity.js';
import { once } from './random.js';
import { DAY_MS, worldEnds } from './world.js';

export interface SampleRecommendation {
  readonly productId: string;
  /** Between 0 and 1, higher is closer. */
  readonly score: number;
  readonly reason: 'bought-together' | 'same-category' | 'popular';
}

const RELATED = 12;
const POPULAR = 60;

/** What sold best in the last ninety days, best first; 1 is the score of the first. */
export const popular = once((): readonly SampleRecommendation[] => {
  const since = new Date(worldEnds.getTime() - 90 * DAY_MS).toISOString();
  const sold = new Map<string, number>();
  for (const { lines } of orders().filter(({ createdAt }) => createdAt >= since)) {
    for (const { productId, quantity } of lines) add(sold, productId, quantity);
  }
  return scored(sold, 0)
    .slice(0, POPULAR)
    .map(([productId, score]) => ({ productId, score, reason: 'popular' }));
});

/** Twelve for each product, closest first: what was bought together with it, then the well-known of its category. */
export const related = once((): ReadonlyMap<string, readonly SampleRecommendation[]> => {
  const together = boughtTogether();
  return new Map(
    byPopularity().map(({ id, categoryId }) => {
      const bought = scored(together.get(id) ?? new Map<string, number>(), 0.5)
        .slice(0, RELATED)
        .map(([productId, score]) => ({ productId, score, reason: 'bought-together' as const }));
      const known = new Set([id, ...bought.map(({ productId }) => productId)]);
      const near = (shelves().get(categoryId) ?? [])
        .filter((other) => !known.has(other.id))
        .slice(0, RELATED - bought.length)
        .map((other, at) => ({
          productId: other.id,
          score: round(0.45 - at * 0.03),
          reason: 'same-category' as const,
        }));
      return [id, [...bought, ...near]];
    }),
  );
});

function boughtTogether(): Map<string, Map<string, number>> {
  const together = new Map<string, Map<string, number>>();
  for (const { lines } of orders()) {
    for (const { productId } of lines) {
      const others = together.get(productId) ?? new Map<string, number>();
      together.set(productId, others);
      for (const other of lines) if (other.productId !== productId) add(others, other.productId, 1);
    }
  }
  return together;
}

/** Most first, as a share of the most, between `floor` and 1. */
function scored(counts: ReadonlyMap<string, number>, floor: number): [string, number][] {
  const sorted = [...counts].sort(([a, left], [b, right]) => right - left || (a < b ? -1 : 1));
  const most = sorted[0]?.[1] ?? 1;

  return sorted.map(([id, count]) => [id, round(floor + (1 - floor) * (count / most))]);
}

function add(counts: Map<string, number>, key: string, count: number): void {
  counts.set(key, (counts.get(key) ?? 0) + count);
}

function round(score: number): number {
  return Math.round(score * 1_000) / 1_000;
}
