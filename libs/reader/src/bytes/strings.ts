const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const U = 0x75;

/** Of the string that `stringEnd` walked last: whether it is printable ASCII without escapes, so that its bytes are its text. */
export const lastString = { isPlain: true };

/**
 * From behind a string's opening quote to its closing one; -1 where it is no JSON string. Bytes above 0x7f are taken as
 * they are: that the whole is UTF-8 is known before.
 *
 * Four bytes are looked at together. A byte b of x is zero where the high bit of `(x - 0x01…) & ~x` is set, and below
 * 0x20 where that of `(x - 0x20…) & ~x` is. A borrow spoils only the bytes above the first hit, and the first is all
 * that counts.
 */
export function stringEnd(bytes: Uint8Array, view: DataView, from: number): number {
  let at = from;
  let seen = 0;
  let isEscaped = false;
  for (;;) {
    const x = view.getInt32(at, true);
    const quote = x ^ 0x22222222;
    const slash = x ^ 0x5c5c5c5c;
    const hit =
      (((quote - 0x01010101) & ~quote) | ((slash - 0x01010101) & ~slash) | ((x - 0x20202020) & ~x)) &
      0x80808080;
    if (hit === 0) {
      seen |= x;
      at += 4;
      continue;
    }
    const offset = (31 - Math.clz32(hit & -hit)) >> 3;
    if (offset > 0) seen |= x << (32 - 8 * offset);
    at += offset;
    if (bytes[at] === QUOTE) break;
    at = bytes[at] === BACKSLASH ? escapeEnd(bytes, at) : -1;
    if (at === -1) return -1;
    isEscaped = true;
  }
  lastString.isPlain = !isEscaped && (seen & 0x80808080) === 0;
  return at;
}

const SHORT_ESCAPES = new Set(Buffer.from('"\\/bfnrt'));

function escapeEnd(bytes: Uint8Array, at: number): number {
  const code = bytes[at + 1] as number;
  if (SHORT_ESCAPES.has(code)) return at + 2;
  if (code !== U) return -1;
  for (let digit = at + 2; digit < at + 6; digit++) if (!isHex(bytes[digit] as number)) return -1;
  return at + 6;
}

function isHex(byte: number): boolean {
  return (byte >= 0x30 && byte <= 0x39) || (byte >= 0x41 && byte <= 0x46) || (byte >= 0x61 && byte <= 0x66);
}

/** The text of the string that `stringEnd` walked last, from `from` to its closing quote at `end`. `latin1`: all bytes. */
export function stringOf(bytes: Buffer, latin1: string, from: number, end: number): string {
  if (lastString.isPlain) return latin1.substring(from, end);
  return unescaped(bytes, from, end);
}

/** The text of any JSON string between its quotes. */
export function unescaped(bytes: Buffer, from: number, end: number): string {
  return JSON.parse(bytes.toString('utf8', from - 1, end + 1)) as string;
}
