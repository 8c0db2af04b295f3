const MINUS = 0x2d;
const POINT = 0x2e;
const ZERO = 0x30;

/** With this many digits a whole number is exact, and so is `digits / 10^n`. */
const EXACT_DIGITS = 15;
const MAX_LENGTH = 32;
const TENS = Array.from({ length: EXACT_DIGITS + 1 }, (_, n) => 10 ** n);

/**
 * Behind a whole number in its plain form at `from`; -1 for anything else. `-0`, an exponent and more than 15 digits are
 * JSON, and not plain.
 */
export function integerEnd(bytes: Uint8Array, from: number): number {
  const first = bytes[from] === MINUS ? from + 1 : from;
  if (bytes[first] === ZERO) return first === from ? first + 1 : -1;
  let at = first;
  while (isDigit(bytes[at] as number)) at++;
  return at === first || at - first > EXACT_DIGITS ? -1 : at;
}

/** Behind a number in its plain form, with or without a fraction; -1 for anything else, and for zero with a minus. */
export function numberEnd(bytes: Uint8Array, from: number): number {
  const first = bytes[from] === MINUS ? from + 1 : from;
  let at = first;
  while (isDigit(bytes[at] as number)) at++;
  if (at === first || (bytes[first] === ZERO && at > first + 1)) return -1;
  if (bytes[at] === POINT) {
    const point = at++;
    while (isDigit(bytes[at] as number)) at++;
    if (at === point + 1) return -1;
  }
  if (at - from > MAX_LENGTH) return -1;
  return first > from && isZero(bytes, first, at) ? -1 : at;
}

/** The value of what `integerEnd` or `numberEnd` walked over, as `JSON.parse` reads it. */
export function numberOf(bytes: Buffer, from: number, end: number): number {
  const first = bytes[from] === MINUS ? from + 1 : from;
  if (end - first > EXACT_DIGITS) return Number(bytes.toString('latin1', from, end));
  let value = 0;
  let decimals = 0;
  for (let at = first; at < end; at++) {
    const byte = bytes[at] as number;
    if (byte === POINT) decimals = end - at - 1;
    else value = value * 10 + (byte - ZERO);
  }
  if (decimals > 0) value /= TENS[decimals] as number;
  return first === from ? value : -value;
}

/** Behind any JSON number; -1 where there is none. */
export function anyNumberEnd(bytes: Uint8Array, from: number): number {
  const first = bytes[from] === MINUS ? from + 1 : from;
  let at = bytes[first] === ZERO ? first + 1 : digitsEnd(bytes, first);
  if (at !== -1 && bytes[at] === POINT) at = digitsEnd(bytes, at + 1);
  if (at === -1 || ((bytes[at] as number) | 0x20) !== 0x65) return at;
  const sign = bytes[at + 1];
  return digitsEnd(bytes, sign === MINUS || sign === 0x2b ? at + 2 : at + 1);
}

function digitsEnd(bytes: Uint8Array, from: number): number {
  let at = from;
  while (isDigit(bytes[at] as number)) at++;
  return at === from ? -1 : at;
}

function isDigit(byte: number): boolean {
  return byte >= ZERO && byte <= 0x39;
}

function isZero(bytes: Uint8Array, from: number, end: number): boolean {
  for (let at = from; at < end; at++) if (bytes[at] !== ZERO && bytes[at] !== POINT) return false;
  return true;
}
