import { byPopularity } from './popularity.js';
import { once, Random } from './random.js';
import { reviews } from './reviews.js';

/** How many gave a product one to five stars, in this order. Most give stars alone; some write a review with them. */
export type StarCounts = readonly [number, number, number, number, number];

/** By product id; a product that nobody has rated is not in it. */
export const ratings = once((): ReadonlyMap<string, StarCounts> => {
  const random = new Random('ratings');
  const counts = new Map<string, [number, number, number, number, number]>();
  for (const [rank, { id }] of byPopularity().entries()) {
    const votes = Math.floor((900 / (rank + 6)) * (0.5 + random.next()));
    if (votes === 0 && random.chance(0.6)) continue;
    const stars: [number, number, number, number, number] = [0, 0, 0, 0, 0];
    const quality = 0.35 + random.next() * 0.55;
    for (let vote = 0; vote < Math.max(1, votes); vote += 1) stars[starsOf(quality, random) - 1]! += 1;
    counts.set(id, stars);
  }
  for (const { productId, stars } of reviews()) {
    const of = counts.get(productId);
    if (of !== undefined) of[stars - 1]! += 1;
  }
  return counts;
});

function starsOf(quality: number, random: Random): number {
  if (random.chance(quality)) return 5;
  if (random.chance(0.55)) return 4;
  return random.pick([1, 2, 3, 3]);
}
