import { writeSync } from 'node:fs';
import type { DestinationStream } from 'pino';

const STDOUT = 1;

/** How long to leave a reader that cannot keep up, in milliseconds. */
const PAUSE_MS = 10;

/**
 * Standard output for log lines, written before the call returns. Not pino's own: on its way out that one writes for ever
 * to a pipe whose reader is gone, so that a process whose parent was killed would never end.
 */
export function standardOutput(): DestinationStream {
  let isRead = true;
  return {
    write(line) {
      if (isRead) isRead = written(Buffer.from(line));
    },
  };
}

/** False once nobody can read it any more. */
function written(rest: Buffer): boolean {
  let left = rest;
  while (left.length > 0) {
    try {
      left = left.subarray(writeSync(STDOUT, left));
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EAGAIN') return false;
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, PAUSE_MS);
    }
  }
  return true;
}
