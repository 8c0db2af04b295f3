const PREFIX = Buffer.from('{"response":');
const SUFFIX = Buffer.from(',"isDisposed":true,"id":');
const QUOTE = 0x22;
const CLOSING_BRACE = 0x7d;
const MAX_ID_DIGITS = 15;

/** Where the last answer lies in a frame, and whose it is; of the last `scanReply` that found one. */
export const scanned = { id: 0, start: 0, end: 0 };

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
  return answerEnd > scanned.start && isBracketed(bytes[scanned.start], bytes[answerEnd - 1]);
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
  if (first === 0x5b) return last === 0x5d;
  return first === QUOTE && last === QUOTE;
}
