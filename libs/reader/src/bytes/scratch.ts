/**
 * An answer while it is walked, in memory of our own: a NUL stands behind it, which fits nowhere in JSON, so that no loop
 * needs a bound; and behind that is room, so that four bytes can be read anywhere in it at once.
 */
export interface Scratch {
  readonly bytes: Buffer;
  readonly view: DataView;
}

const ROOM = 16;
const KEPT_BYTES = 256 * 1024;

const kept = scratchOf(KEPT_BYTES + ROOM);

/** A copy of `body`. It is good until the next one is taken; one over 256 KiB gets memory for itself. */
export function scratchWith(body: Uint8Array): Scratch {
  const scratch = body.length <= KEPT_BYTES ? kept : scratchOf(body.length + ROOM);
  scratch.bytes.set(body);
  scratch.bytes[body.length] = 0;
  return scratch;
}

function scratchOf(size: number): Scratch {
  const bytes = Buffer.alloc(size);
  return { bytes, view: new DataView(bytes.buffer, bytes.byteOffset, size) };
}
