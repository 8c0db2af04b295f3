/** What the author of a contract has to know of it: what was not kept, and what is to be decided. */
export class Notes {
  readonly #lines = new Map<string, string[]>();

  /** `what` is said once, with all the places where it is so. */
  add(what: string, where: string): void {
    const places = this.#lines.get(what) ?? [];
    if (!places.includes(where)) places.push(where);
    this.#lines.set(what, places);
  }

  /** A line each: `what: where, where`. */
  lines(mostPlaces = Infinity): readonly string[] {
    return [...this.#lines].map(([what, places]) => {
      const shown = places.slice(0, mostPlaces).join(', ');
      const more = places.length - mostPlaces;
      return `${what}: ${shown}${more > 0 ? ` and ${more} more` : ''}`;
    });
  }
}
