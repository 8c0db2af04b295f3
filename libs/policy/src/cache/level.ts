import type { Limits, Loaded, Piece, Question } from './question.js';

/** A piece with its age in milliseconds; 0 for one that was just fetched. */
export interface Aged extends Loaded {
  readonly ageMs: number;
}

export type Pieces = ReadonlyMap<string, Aged>;

export interface Passage {
  readonly question: Question;
  readonly pieces: readonly Piece[];
  readonly limits: Limits;
  /** Whether what is fetched may be older than a change that has become known meanwhile. */
  readonly isOutdated: (key: string) => boolean;
}

/** Where pieces come from that the process does not hold. */
export interface Level {
  bring(passage: Passage): Promise<Pieces>;
}

/** The service itself. */
export const service: Level = {
  async bring({ question, pieces, limits }) {
    const loaded = await question.load(pieces, limits);
    return new Map([...loaded].map(([key, piece]) => [key, { ...piece, ageMs: 0 }]));
  },
};
