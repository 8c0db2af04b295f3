const PREFIX = Buffer.from('{"response":');
const SUFFIX = Buffer.from(',"isDisposed":true,"id":');
const QUOTE = 0x22;
const OPENING_BRACE = 0x7b;
const CLOSING_BRACE = 0x7d;
const COMMA = 0x2c;
const COLON = 0x3a;
const BACKSLASH = 0x5c;
const MAX_ID_DIGITS = 15;

/** Where the last answer lies in a frame, and whose it is; of the last `scanReply` that found one. */
export const scanned = {
  id: 0,
  start: 0,
  end: 0,
  set(start: number, end: number): void {
    this.start = start;
    this.end = end;
  },
};

/**
 * Finds the id and the answer of `{"response":…,"isDisposed":true,"id":17}` without parsing it: the shape of nearly
 * every reply, from a stock server as from ours. False where the frame has another shape; it must then be parsed, as
 * where the answer's first and last byte do not belong together, for then another key stands behind it.
 */
export function scanReply(bytes: Buffer, start: number, end: number): boolean {
  if (end - start < PREFIX.length + SUFFIX.length + 3 || bytes[end - 1] !== CLOSING_BRACE) return false;
  for (let at = 0; at < PREFIX.length; at++) if (bytes[start + at] !== PREFIX[at]) return false;
  const idStart = numberBefore(bytes, end - 1);
  if (idStart === 0) return false;
  const answerEnd = idStart - SUFFIX.length;
  for (let at = 0; at < SUFFIX.length; at++) if (bytes[answerEnd + at] !== SUFFIX[at]) return false;
  scanned.start = start + PREFIX.length;
  scanned.end = answerEnd;
  if (answerEnd <= scanned.start) return false;
  if (bytes[scanned.start] === QUOTE) return stringEnd(bytes, scanned.start, answerEnd) === answerEnd;
  return isBracketed(bytes[scanned.start], bytes[answerEnd - 1]);
}

/** Reads the digits that end at `end` into `scanned.id`; returns where they begin, 0 where there are none. */
function numberBefore(bytes: Buffer, end: number): number {
  let id = 0;
  let scale = 1;
  let at = end - 1;
  for (; end - at <= MAX_ID_DIGITS; at--) {
    const digit = (bytes[at] as number) - 0x30;
    if (digit < 0 || digit > 9) break;
    id += digit * scale;
    scale *= 10;
  }
  scanned.id = id;
  return at === end - 1 ? 0 : at + 1;
}

function isBracketed(first: number | undefined, last: number | undefined): boolean {
  if (first === 0x7b) return last === CLOSING_BRACE;
  return first === 0x5b && last === 0x5d;
}

/**
 * Finds the `response` of a reply with its keys in any order; the frame must be a JSON object. Does not nest, however deep
 * the frame is. As with `JSON.parse` the last of several counts.
 */
export function findResponse(bytes: Buffer, start: number, end: number): boolean {
  let found = false;
  let at = start;
  while (at < end && bytes[at] !== OPENING_BRACE) at++;
  while (at < end - 1) {
    const key = nextByte(bytes, at + 1, end, QUOTE);
    const keyEnd = stringEnd(bytes, key, end);
    const value = nextByte(bytes, keyEnd, end, COLON) + 1;
    at = valueEnd(bytes, value, end);
    if (key < end && keyEnd <= end && JSON.parse(bytes.toString('utf8', key, keyEnd)) === 'response') {
      scanned.set(value, at);
      found = true;
    }
    if (bytes[at] !== COMMA) break;
  }
  return found;
}

function nextByte(bytes: Buffer, from: number, end: number, byte: number): number {
  const at = bytes.indexOf(byte, from);
  return at < 0 || at > end ? end : at;
}

/** Behind the closing quote of the string that begins at `from`. */
function stringEnd(bytes: Buffer, from: number, end: number): number {
  for (let at = from + 1; at < end; at++) {
    if (bytes[at] === BACKSLASH) at++;
    else if (bytes[at] === QUOTE) return at + 1;
  }
  return end;
}

/** The comma or the closing brace behind the value that begins at `from`. */
function valueEnd(bytes: Buffer, from: number, end: number): number {
  let depth = 0;
  for (let at = from; at < end; at++) {
    const byte = bytes[at];
    if (byte === QUOTE) at = stringEnd(bytes, at, end) - 1;
    else if (byte === OPENING_BRACE || byte === 0x5b) depth++;
    else if ((byte === CLOSING_BRACE || byte === 0x5d) && depth-- === 0) return at;
    else if (byte === COMMA && depth === 0) return at;
  }
  return end;
}
