/**
 * A back-off with full jitter: anything between 0 and `baseMs × 2^attempt`, at most `maxMs`
 * (AWS Architecture Blog, "Exponential Backoff And Jitter").
 */
export function fullJitter(attempt: number, limits: { baseMs: number; maxMs: number }, random: () => number) {
  return random() * Math.min(limits.maxMs, limits.baseMs * 2 ** Math.min(attempt, 30));
}
