/** The last so many of a kind, oldest first. */
export class Ring<T> {
  #items: T[] = [];
  readonly #size: number;

  constructor(size: number) {
    this.#size = size;
  }

  add(item: T): void {
    this.#items.push(item);
    // Now and then, and not with each: a shift moves all.
    if (this.#items.length >= 2 * this.#size) this.#items = this.#items.slice(-this.#size);
  }

  get items(): readonly T[] {
    return this.#items.length > this.#size ? this.#items.slice(-this.#size) : this.#items;
  }
}
