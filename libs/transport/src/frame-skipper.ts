import { isAscii } from 'node:buffer';

/** Enough for everything of a reply but its answer: `{"response":`, `,"isDisposed":true,"id":` and fifteen digits. */
const KEPT_BYTES = 64;

/**
 * Walks over the JSON of a frame that is too large to be held, and keeps its two ends: they tell whose it was. `units` is
 * its length in UTF-16 code units.
 */
export class FrameSkipper {
  /** Its first and its last bytes, as Latin-1 text. */
  head = '';
  tail = '';

  constructor(private units: number) {}

  get isDone(): boolean {
    return this.units <= 0;
  }

  /** Takes what was read from `from` to `to`. Returns where the frame ends; `to` while it goes on. */
  skip(bytes: Buffer, from: number, to: number): number {
    const end = this.#endIn(bytes, from, to);
    if (this.head.length < KEPT_BYTES) {
      this.head += bytes.toString('latin1', from, Math.min(end, from + KEPT_BYTES - this.head.length));
    }
    const kept = bytes.toString('latin1', Math.max(from, end - KEPT_BYTES), end);
    this.tail = (this.tail + kept).slice(-KEPT_BYTES);
    return end;
  }

  #endIn(bytes: Buffer, from: number, to: number): number {
    if (isAscii(bytes.subarray(from, to))) {
      const end = Math.min(to, from + this.units);
      this.units -= end - from;
      return end;
    }
    let at = from;
    for (; at < to; at++) {
      const byte = bytes[at] as number;
      if ((byte & 0xc0) === 0x80) continue;
      if (this.units <= 0) return at;
      this.units -= byte >= 0xf0 ? 2 : 1;
    }
    return at;
  }
}

const ID_LAST = /,"id":(\d{1,15})\}$/;
const ID_FIRST = /^\{"id":(\d{1,15})[,}]/;

/**
 * The id of a reply of which only the two ends are known. Every server that writes as Nest does puts it last. Digits
 * right before the last brace belong to the reply itself and never to a value inside it. Undefined where it is not told.
 */
export function idOfEnds({ head, tail }: Pick<FrameSkipper, 'head' | 'tail'>): number | undefined {
  const digits = (ID_LAST.exec(tail) ?? ID_FIRST.exec(head))?.[1];
  return digits === undefined ? undefined : Number(digits);
}
