import type { View } from '../shapes.js';
import type { Tones } from '../tones.js';

/** How one kind of product looks. */
export interface Drawing {
  readonly front: (tones: Tones) => View;
  readonly side: (tones: Tones) => View;
  /** Where it is used, if it is not at the usual place of its category. */
  readonly place?: 'floor';
  /** Where a detail of the front is worth a look. */
  readonly focus: readonly [x: number, y: number];
}

/** The drawings of a category, by the kind's name in a path. */
export type Drawings = Readonly<Record<string, Drawing>>;
