import { anyNumberEnd } from './numbers.js';
import { stringEnd } from './strings.js';

/** How deep an answer may be nested: one that is deeper is refused, whether what is deep is read or not. */
export const MAX_DEPTH = 64;

const QUOTE = 0x22;
const COMMA = 0x2c;
const COLON = 0x3a;
const BRACKET = 0x5b;
const BRACE = 0x7b;

/**
 * Behind a compact JSON value of any kind that nobody reads; its grammar is checked. -1 where it is none, has white
 * space outside of strings, or is nested deeper than `depth`.
 */
export function skip(bytes: Uint8Array, view: DataView, from: number, depth: number): number {
  const first = bytes[from];
  if (first === QUOTE) {
    const end = stringEnd(bytes, view, from + 1);
    return end === -1 ? -1 : end + 1;
  }
  if (first === BRACE || first === BRACKET) return depth === 0 ? -1 : skipInside(bytes, view, from, depth);
  if (first === 0x6e) return wordEnd(bytes, from, NULL);
  if (first === 0x74) return wordEnd(bytes, from, TRUE);
  if (first === 0x66) return wordEnd(bytes, from, FALSE);
  return anyNumberEnd(bytes, from);
}

/** A closing bracket or brace is its opening one, and two. */
function skipInside(bytes: Uint8Array, view: DataView, from: number, depth: number): number {
  const open = bytes[from] as number;
  if (bytes[from + 1] === open + 2) return from + 2;
  let at = from;
  do {
    at++;
    if (open === BRACE) {
      if (bytes[at] !== QUOTE) return -1;
      at = stringEnd(bytes, view, at + 1);
      if (at === -1 || bytes[at + 1] !== COLON) return -1;
      at += 2;
    }
    at = skip(bytes, view, at, depth - 1);
    if (at === -1) return -1;
  } while (bytes[at] === COMMA);
  return bytes[at] === open + 2 ? at + 1 : -1;
}

const NULL = Buffer.from('null');
const TRUE = Buffer.from('true');
const FALSE = Buffer.from('false');

function wordEnd(bytes: Uint8Array, from: number, word: Uint8Array): number {
  for (let at = 1; at < word.length; at++) if (bytes[from + at] !== word[at]) return -1;
  return from + word.length;
}

/** Whether JSON text is nested deeper than `MAX_DEPTH`; of what is no JSON, it says no less than it is. */
export function isTooDeep(json: Uint8Array): boolean {
  let depth = 0;
  let isInside = false;
  for (let at = 0; at < json.length; at++) {
    const byte = json[at] as number;
    if (isInside) {
      if (byte === 0x5c) at++;
      else if (byte === QUOTE) isInside = false;
    } else if (byte === QUOTE) isInside = true;
    else if ((byte === BRACE || byte === BRACKET) && ++depth > MAX_DEPTH) return true;
    else if (byte === BRACE + 2 || byte === BRACKET + 2) depth--;
  }
  return false;
}
