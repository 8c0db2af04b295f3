import { isAscii } from 'node:buffer';

import { TransportError } from './errors.js';
import { FrameSkipper } from './frame-skipper.js';

/**
 * Takes one whole frame: the JSON lies in `bytes` from `start` to `end` and is valid during the call only.
 * `ascii` says that it holds nothing but ASCII, so that it may be read as Latin-1, which is faster.
 */
export type FrameListener = (bytes: Buffer, start: number, end: number, ascii: boolean) => void;

/** Takes a frame over the limit, of which nothing but the two ends was kept. */
export type SkipListener = (skipped: FrameSkipper) => void;

const HASH = 0x23;
const ZERO = 0x30;
const NINE = 0x39;
const MAX_HEADER_DIGITS = 10;
/** A stock end's own limit: what is announced as larger is no frame. */
const MAX_UNITS = 128 * 1024 * 1024;
const KEPT_BYTES = 64 * 1024;
const EMPTY = Buffer.alloc(0);

/**
 * Cuts a byte stream into the frames of Nest's TCP wire, `<N>#<json>`, where N counts UTF-16 code units while the
 * stream is UTF-8. ASCII, found natively a read at a time, needs no counting: a unit is a byte. Frames that lie whole
 * in a read are handed over in place; only what a read cuts is copied. Throws `TransportError` on a header that is
 * none; the stream is useless from there on. A frame over `maxBytes` is skipped where there is an `onSkipped`, else it
 * throws too.
 */
export class FrameDecoder {
  /** The frame that a read cut, its header included. */
  #held = EMPTY;
  #heldBytes = 0;
  /** Where the JSON of the held frame begins; 0 while its header is incomplete. */
  #body = 0;
  /** Up to where the held frame's units are counted, and how many it still lacks. */
  #counted = 0;
  #missingUnits = 0;
  #heldAscii = true;
  #skipper: FrameSkipper | undefined;

  constructor(
    private readonly maxBytes: number,
    private readonly onFrame: FrameListener,
    private readonly onSkipped?: SkipListener,
  ) {}

  /** Whether a frame has begun and not ended. */
  get partial(): boolean {
    return this.#heldBytes > 0 || this.#skipper !== undefined;
  }

  push(chunk: Buffer, length = chunk.length): void {
    const ascii = isAscii(length === chunk.length ? chunk : chunk.subarray(0, length));
    let offset = 0;
    while (offset < length) {
      if (this.#skipper !== undefined)
        offset = this.#skip(this.#skipper, chunk, { from: offset, to: length });
      else if (this.#heldBytes > 0) offset = this.#complete(chunk, offset, length);
      else {
        const next = ascii ? this.#takeAscii(chunk, offset, length) : this.#take(chunk, offset, length);
        if (next === offset) return this.#hold(chunk, offset, length);
        offset = next;
      }
    }
  }

  /** One frame in place, where every byte is a unit. Returns where it ends; `from` where it is cut. */
  #takeAscii(chunk: Buffer, from: number, to: number): number {
    const body = headerEnd(chunk, from, to);
    if (body === 0) return from;
    const units = unitsOf(chunk, from, body);
    if (units > this.maxBytes) return this.#startSkipping(units, body);
    const end = body + units;
    if (end > to) return from;
    this.onFrame(chunk, body, end, true);
    return end;
  }

  #take(chunk: Buffer, from: number, to: number): number {
    const body = headerEnd(chunk, from, to);
    if (body === 0) return from;
    const units = unitsOf(chunk, from, body);
    if (units > this.maxBytes) return this.#startSkipping(units, body);
    const end = advance(chunk, body, to, units);
    if (lacking > 0) return from;
    this.onFrame(chunk, body, end, end - body === units);
    return end;
  }

  /** The frame whose JSON begins at `body` is over the limit. Returns where to go on. */
  #startSkipping(units: number, body: number): number {
    if (this.onSkipped === undefined) throw tooLarge(units, this.maxBytes);
    this.#skipper = new FrameSkipper(units);
    return body;
  }

  #skip(skipper: FrameSkipper, bytes: Buffer, { from, to }: { from: number; to: number }): number {
    const end = skipper.skip(bytes, from, to);
    if (skipper.isDone) {
      this.#skipper = undefined;
      this.onSkipped?.(skipper);
    }
    return end;
  }

  #hold(chunk: Buffer, from: number, to: number): void {
    this.#heldBytes = 0;
    this.#body = 0;
    this.#append(chunk, from, to);
    this.#count();
  }

  /** Gives the held frame what it surely lacks, and hands it over when it lacks nothing. Returns the new offset. */
  #complete(chunk: Buffer, from: number, to: number): number {
    const end = Math.min(to, from + this.#lackingBytes());
    this.#append(chunk, from, end);
    this.#count();
    if (this.#body > 0 && this.#missingUnits === 0 && this.#heldBytes > 0) {
      const held = this.#held;
      const heldBytes = this.#heldBytes;
      this.#heldBytes = 0;
      if (held.length > KEPT_BYTES) this.#held = EMPTY;
      this.onFrame(held, this.#body, heldBytes, this.#heldAscii);
    }
    return end;
  }

  /** At least this many bytes more belong to the held frame. */
  #lackingBytes(): number {
    if (this.#body === 0) return 1;
    const cut = this.#heldBytes - this.#counted;
    return cut === 0 ? this.#missingUnits : pointLength(this.#held[this.#counted] as number) - cut;
  }

  #count(): void {
    if (this.#body === 0) {
      this.#body = headerEnd(this.#held, 0, this.#heldBytes);
      if (this.#body === 0) return;
      const units = unitsOf(this.#held, 0, this.#body);
      if (units > this.maxBytes) return this.#skipHeld(units);
      this.#missingUnits = units;
      this.#counted = this.#body;
      this.#heldAscii = true;
    }
    const before = this.#missingUnits;
    const from = this.#counted;
    this.#counted = advance(this.#held, from, this.#heldBytes, before);
    this.#missingUnits = lacking;
    if (this.#counted - from !== before - lacking) this.#heldAscii = false;
    if (this.#heldBytes - this.#body > this.maxBytes) this.#skipHeld(unitsOf(this.#held, 0, this.#body));
  }

  /** The held frame turns out to be over the limit, by its header or by its bytes. */
  #skipHeld(units: number): void {
    this.#startSkipping(units, this.#body);
    const to = this.#heldBytes;
    this.#heldBytes = 0;
    const held = this.#held;
    if (held.length > KEPT_BYTES) this.#held = EMPTY;
    if (this.#skipper !== undefined && to > this.#body)
      this.#skip(this.#skipper, held, { from: this.#body, to });
  }

  #append(chunk: Buffer, from: number, to: number): void {
    const bytes = this.#heldBytes + to - from;
    if (bytes > this.#held.length) this.#grow(bytes);
    chunk.copy(this.#held, this.#heldBytes, from, to);
    this.#heldBytes = bytes;
  }

  /** Doubles rather than trusting N: a peer that only announces a large frame costs nothing. */
  #grow(bytes: number): void {
    const larger = Buffer.allocUnsafeSlow(Math.max(bytes, this.#held.length * 2, 4096));
    this.#held.copy(larger, 0, 0, this.#heldBytes);
    this.#held = larger;
  }
}

/** N of a header that ends (its `#` included) at `body`. */
function unitsOf(bytes: Buffer, from: number, body: number): number {
  let units = 0;
  for (let at = from; at < body - 1; at++) units = units * 10 + (bytes[at] as number) - ZERO;
  if (units > MAX_UNITS) throw corrupt();
  return units;
}

/** Where the JSON begins after the header at `from`; 0 while there is no `#` yet. Never looks further than a header. */
function headerEnd(bytes: Buffer, from: number, to: number): number {
  const limit = Math.min(to, from + MAX_HEADER_DIGITS + 1);
  for (let at = from; at < limit; at++) {
    const byte = bytes[at] as number;
    if (byte === HASH && at > from) return at + 1;
    if (byte < ZERO || byte > NINE) throw corrupt();
  }
  if (limit - from > MAX_HEADER_DIGITS) throw corrupt();
  return 0;
}

/** What the last `advance` could not find: a second result without an allocation. */
let lacking = 0;

/**
 * Walks over `units` UTF-16 code units of UTF-8 from `from`, never past `to` nor into a code point that is cut there.
 * Returns where it stopped and leaves in `lacking` how many units it did not find. Each round walks as many bytes as
 * units are lacking (a unit is a byte at least) and counts them natively.
 */
function advance(bytes: Buffer, from: number, to: number, units: number): number {
  let at = from;
  lacking = units;
  while (lacking > 0 && at < to) {
    const stop = wholePoints(bytes, at, Math.min(to, at + lacking));
    if (stop > at) {
      lacking -= countUnits(bytes, at, stop);
      at = stop;
    } else {
      const length = pointLength(bytes[at] as number);
      if (at + length > to) break;
      lacking -= length === 4 ? 2 : 1;
      at += length;
    }
  }
  if (lacking < 0) throw corrupt();
  return at;
}

const FEW_BYTES = 48;

function countUnits(bytes: Buffer, from: number, to: number): number {
  if (to - from > FEW_BYTES) {
    return isAscii(bytes.subarray(from, to)) ? to - from : bytes.toString('utf8', from, to).length;
  }
  let units = 0;
  for (let at = from; at < to; at++) {
    const byte = bytes[at] as number;
    if ((byte & 0xc0) !== 0x80) units += byte >= 0xf0 ? 2 : 1;
  }
  return units;
}

/** The largest end up to `to` that cuts no code point. */
function wholePoints(bytes: Buffer, from: number, to: number): number {
  let last = to - 1;
  while (last > from && to - last < 4 && ((bytes[last] as number) & 0xc0) === 0x80) last--;
  return last + pointLength(bytes[last] as number) > to ? last : to;
}

/** How many bytes the code point that starts with `lead` has; 1 for a byte that starts none. */
function pointLength(lead: number): number {
  if (lead < 0xc0) return 1;
  return lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : 4;
}

function corrupt(): TransportError {
  return new TransportError('transport.corrupt-frame', 'The peer sent bytes that are no frame', {
    written: true,
  });
}

function tooLarge(bytes: number, maxBytes: number): TransportError {
  const message = `The peer sent a frame of at least ${bytes} bytes; maxFrameBytes is ${maxBytes}`;
  return new TransportError('transport.frame-too-large', message, { written: true });
}
