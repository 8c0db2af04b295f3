/** A kind of thing that a category sells. */
export interface KindText {
  /** As in a title: `Over-Ear Headphones`. */
  readonly name: string;
  /** With its article, in a sentence: `a pair of over-ear headphones`. */
  readonly what: string;
  /** What it does, after "that": `keeps the train outside and the music in`. At most 60 characters. */
  readonly does: string;
  /** Whole euros, cheapest and dearest. */
  readonly price: readonly [number, number];
  readonly materials: readonly string[];
  /** What distinguishes one from another, by the attribute's name. */
  readonly facts: Readonly<Record<string, readonly string[]>>;
}

export interface CategoryText {
  readonly slug: string;
  readonly name: string;
  readonly description: string;
  readonly brands: readonly string[];
  readonly colours: readonly string[];
  readonly kinds: readonly KindText[];
  /** Sentences about how such things are made. */
  readonly making: readonly string[];
  /** Sentences about living with them. */
  readonly using: readonly string[];
  /** Sentences about care and repair. */
  readonly care: readonly string[];
}
