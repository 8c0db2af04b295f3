/** How much of a run is enough. */
export interface Scale {
  /** Rounds in which each side has its turn. */
  readonly rounds: number;
  /** Seconds that a turn should take at the pace of stock Nest. */
  readonly turnSeconds: number;
  /** How much of the usual warming up there is. */
  readonly warmth: number;
  /** Rounds in which each side is held at a fixed rate, and how long in each. */
  readonly steadyRounds: number;
  readonly steadySeconds: number;
}

export const quick: Scale = {
  rounds: 7,
  turnSeconds: 0.15,
  warmth: 0.75,
  steadyRounds: 3,
  steadySeconds: 0.5,
};
export const thorough: Scale = {
  rounds: 41,
  turnSeconds: 0.25,
  warmth: 2,
  steadyRounds: 9,
  steadySeconds: 1,
};
