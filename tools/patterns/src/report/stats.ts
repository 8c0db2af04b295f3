/** A median, and the interval in which the true one lies with 95% (by the order of the values; all of them where they are few). */
export interface Estimate {
  readonly median: number;
  readonly low: number;
  readonly high: number;
}

export function estimate(values: readonly number[]): Estimate {
  const sorted = [...values].sort((a, b) => a - b);
  const { length } = sorted;
  if (length === 0) return { median: Number.NaN, low: Number.NaN, high: Number.NaN };
  const cut = outside(length);
  const at = (index: number): number => sorted[index] ?? Number.NaN;
  return {
    median: (at(Math.floor((length - 1) / 2)) + at(Math.ceil((length - 1) / 2))) / 2,
    low: at(cut),
    high: at(length - 1 - cut),
  };
}

export const median = (values: readonly number[]): number => estimate(values).median;

/** The value that nine of ten stay below. */
export function slowestTenth(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * 0.9))] ?? Number.NaN;
}

/** How many of the smallest and of the largest values can be left out: a coin that is thrown `count` times says. */
function outside(count: number): number {
  let [tail, probability] = [0, 0.5 ** count];
  for (let heads = 0; heads < count; heads += 1) {
    tail += probability;
    if (tail > 0.025) return Math.max(heads - 1, 0);
    probability *= (count - heads) / (heads + 1);
  }
  return 0;
}
