const UNITS = [
  ['d', 86_400],
  ['h', 3_600],
  ['m', 60],
  ['s', 1],
] as const;

/**
 * Seconds as Prometheus writes them: `5m`. `scale` divides them, so that a run which proves alerts needs seconds for what takes
 * hours in production: `1500ms`.
 */
export function durationOf(seconds: number, scale = 1): string {
  if (scale !== 1) return `${Math.round((seconds * 1_000) / scale)}ms`;
  const [unit, size] = UNITS.find(([, each]) => seconds % each === 0) ?? ['s', 1];
  return `${seconds / size}${unit}`;
}
