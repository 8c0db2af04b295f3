/** What a balancer needs to know about an instance. */
export interface Candidate {
  /** The cost of one more request; less is better. */
  cost(now: number): number;
  /** From near 0 (just started) to 1 (warm): the share of the usual traffic that it should get. */
  warmth(now: number): number;
}

/** Picks one of a list that is not empty. */
export type Balancer = <T extends Candidate>(candidates: readonly T[], now: number) => T;

/**
 * Power of two choices: of two at random the cheaper one (Mitzenmacher, "The Power of Two Choices in Randomized Load
 * Balancing"). Where two cost nearly the same the choice is left to chance, or the slower of two instances would see no
 * request at all while there is little to do. A cold instance is passed over in proportion to what it lacks in warmth.
 */
export function powerOfTwo(random: () => number = Math.random): Balancer {
  return (candidates, now) => {
    const size = candidates.length;
    const first = Math.floor(random() * size);
    const one = candidates[first] as (typeof candidates)[number];
    if (size === 1) return one;
    const second = (first + 1 + Math.floor(random() * (size - 1))) % size;
    const other = candidates[second] as (typeof candidates)[number];
    if (isPassedOver(one, other, now)) return other;
    if (isPassedOver(other, one, now)) return one;
    return random() < shareOfOther(one.cost(now), other.cost(now)) ? other : one;
  };

  function isPassedOver(candidate: Candidate, other: Candidate, now: number): boolean {
    const warmth = candidate.warmth(now) / Math.max(other.warmth(now), 0.01);
    return warmth < 1 && random() > warmth;
  }
}

/** By the fourth power: of two that cost about the same both get some, one ten times as dear gets next to nothing. */
function shareOfOther(cost: number, costOfOther: number): number {
  return 1 / (1 + (costOfOther / cost) ** 4);
}

/** One after the other, whatever they cost. A cold instance is passed over in proportion to what it lacks. */
export function roundRobin(random: () => number = Math.random): Balancer {
  let turn = 0;
  return (candidates, now) => {
    for (let tries = 0; ; tries += 1) {
      const candidate = candidates[turn++ % candidates.length] as (typeof candidates)[number];
      const warmth = candidate.warmth(now);
      if (tries === candidates.length || warmth >= 1 || random() <= warmth) return candidate;
    }
  };
}
