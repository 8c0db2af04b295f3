/** A promise that a run is held to, as a ratio to stock Nest in the same run. */
export interface Goal {
  readonly name: string;
  readonly seen: number;
  readonly bound: number;
  readonly direction: 'at least' | 'at most';
}

export function isMet({ seen, bound, direction }: Goal): boolean {
  return direction === 'at least' ? seen >= bound : seen <= bound;
}

export function describeGoal(goal: Goal): readonly string[] {
  const bound = `${goal.direction} ${goal.bound.toFixed(2)}`;
  return [goal.name, goal.seen.toFixed(2), bound, isMet(goal) ? 'met' : 'MISSED'];
}
