/** Milliseconds to a hundredth. */
export function milliseconds(ms: number): number {
  return Math.round(ms * 100) / 100;
}
