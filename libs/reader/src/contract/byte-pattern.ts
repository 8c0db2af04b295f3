/** Whether the bytes of printable ASCII text, from `from` to `end`, match a pattern. */
export type ByteTest = (bytes: Uint8Array, from: number, end: number) => boolean;

/** `[a-z]`, a character, or `\d`, and how often. */
const PIECE = /(\[(?:\\.|[^\]\\])+\]|\\[dw]|\\[.:/-]|[A-Za-z0-9 _:@/-])(?:\{(\d+)(?:,(\d*))?\}|([*+?]))?/y;

interface Piece {
  readonly class: Uint8Array;
  readonly min: number;
  readonly max: number;
}

/**
 * A test that does the same as a pattern of the form `^…$`, a row of character classes with counts, does to printable
 * ASCII; undefined where the pattern is another. Every piece takes all that it can: a pattern where that could be wrong,
 * as a piece of no fixed length is followed by what it takes too, is another.
 */
export function bytePattern(pattern: RegExp): ByteTest | undefined {
  if (pattern.flags !== '' && pattern.flags !== 'u') return undefined;
  const pieces = piecesOf(pattern.source);
  if (pieces === undefined || !isGreedy(pieces)) return undefined;
  return (bytes, from, end) => {
    let at = from;
    for (const { class: allowed, min, max } of pieces) {
      const most = Math.min(end, at + max);
      const least = at + min;
      while (at < most && allowed[bytes[at] as number] === 1) at++;
      if (at < least) return false;
    }
    return at === end;
  };
}

function piecesOf(source: string): Piece[] | undefined {
  if (!source.startsWith('^') || !source.endsWith('$') || source.endsWith('\\$')) return undefined;
  const pieces: Piece[] = [];
  PIECE.lastIndex = 1;
  while (PIECE.lastIndex < source.length - 1) {
    const found = PIECE.exec(source);
    if (found === null) return undefined;
    const [, characters = '', least, most, sign] = found;
    pieces.push({ class: classOf(characters), ...countOf(least, most, sign) });
  }
  return pieces;
}

/** Which bytes a class takes is asked of the class itself. */
function classOf(characters: string): Uint8Array {
  const one = new RegExp(`^${characters}$`);
  return Uint8Array.from({ length: 256 }, (_, byte) =>
    byte >= 0x20 && byte < 0x7f && one.test(String.fromCharCode(byte)) ? 1 : 0,
  );
}

function countOf(least?: string, most?: string, sign?: string): { min: number; max: number } {
  if (sign !== undefined) return { min: sign === '+' ? 1 : 0, max: sign === '?' ? 1 : Infinity };
  if (least === undefined) return { min: 1, max: 1 };
  const min = Number(least);
  return { min, max: most === undefined ? min : most === '' ? Infinity : Number(most) };
}

/** Whether taking all that one can never takes what a later piece needs. */
function isGreedy(pieces: readonly Piece[]): boolean {
  return pieces.every(({ class: own, min, max }, index) => {
    if (min === max) return true;
    return pieces
      .slice(index + 1)
      .every((later) => !own.some((taken, byte) => taken === 1 && later.class[byte] === 1));
  });
}
