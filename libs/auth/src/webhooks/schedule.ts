/**
 * How long to wait after each failed attempt, in seconds, as Standard Webhooks suggests: at once, then 5 s, 5 min,
 * 30 min, 2 h, 5 h, 10 h, 14 h, 20 h and 24 h. After the last the message is put on the dead-letter list.
 */
const WAITS = [5, 300, 1_800, 7_200, 18_000, 36_000, 50_400, 72_000, 86_400];

/** Milliseconds until the next attempt, spread by up to a tenth; undefined where there is none left. */
export function nextAttemptMs(
  failedAttempts: number,
  random: () => number = Math.random,
): number | undefined {
  const wait = WAITS[failedAttempts - 1];
  return wait === undefined ? undefined : Math.round(wait * 1_000 * (1 + 0.1 * random()));
}
