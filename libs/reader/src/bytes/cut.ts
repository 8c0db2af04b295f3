/**
 * Drops stretches of bytes from a buffer, in order, and moves what is kept together: at the buffer's own beginning, as
 * what is left is never longer than what was there. Where nothing is dropped nothing is moved.
 */
export class Cut {
  #bytes: Uint8Array = EMPTY;
  #view: DataView = new DataView(EMPTY.buffer);
  /** How many bytes are kept, and where what is not decided yet begins. */
  #kept = 0;
  #from = 0;

  begin(bytes: Uint8Array, view: DataView): void {
    this.#bytes = bytes;
    this.#view = view;
    this.#kept = 0;
    this.#from = 0;
  }

  /** Drops the bytes from `start` to `end`; neither lies before an earlier one's end. */
  drop(start: number, end: number): void {
    if (start > this.#from) this.#keep(start);
    this.#from = end;
  }

  /** Keeps what is left up to `end`. Returns how many bytes are kept in all. */
  finish(end: number): number {
    if (end > this.#from) this.#keep(end);
    return this.#kept;
  }

  /** Four bytes at a time, and the last ones one by one: what is behind `end` has not been read yet. */
  #keep(end: number): void {
    let to = this.#kept;
    let from = this.#from;
    this.#kept = to + end - from;
    if (to === from) return;
    for (const last = end - 4; from <= last; from += 4, to += 4) {
      this.#view.setInt32(to, this.#view.getInt32(from, true), true);
    }
    while (from < end) this.#bytes[to++] = this.#bytes[from++] as number;
  }
}

const EMPTY = new Uint8Array(0);
