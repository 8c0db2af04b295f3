/** How much of a run is enough. */
export interface Scale {
  /** Rounds in which each side has its turn, after one that is thrown away. */
  readonly rounds: number;
  /** Seconds that a turn should take at the pace of stock Nest. */
  readonly turnSeconds: number;
}

export const quick: Scale = { rounds: 3, turnSeconds: 0.35 };
export const thorough: Scale = { rounds: 9, turnSeconds: 1.5 };
