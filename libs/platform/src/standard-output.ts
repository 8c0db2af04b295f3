import { write, writeSync } from 'node:fs';
import type { DestinationStream } from 'pino';

const STDOUT = 1;
/** How long to leave a reader that cannot keep up, in milliseconds. */
const PAUSE_MS = 10;
/** How long a line may wait for others to leave with it, in milliseconds, and at how many characters they leave at once. */
const BATCH_MS = 10;
const BATCH_CHARACTERS = 32 * 1024;
/** What a reader who stands still may be behind by, in characters; what comes then is dropped. */
const MOST_PENDING = 16 * 1024 * 1024;

/**
 * Standard output for log lines. The lines of 10 ms are written together, as each write is a system call and a task of
 * Node's thread pool; what has not left at exit is written then. Not pino's own asynchronous destination: at exit that one writes for ever to a pipe whose reader is gone.
 */
class StandardOutput implements DestinationStream {
  #pending: string[] = [];
  #characters = 0;
  #isWriting = false;
  #isRead = true;
  #timer: NodeJS.Timeout | undefined;
  #flushed: (() => void)[] = [];

  constructor() {
    process.on('exit', () => this.#atExit());
  }

  write(line: string): void {
    if (!this.#isRead || this.#characters > MOST_PENDING) return;
    this.#pending.push(line);
    this.#characters += line.length;
    if (this.#isWriting) return;
    if (this.#characters >= BATCH_CHARACTERS) this.#begin();
    // A process that has nothing else to do does not stay for this: it writes at exit.
    else this.#timer ??= setTimeout(() => this.#begin(), BATCH_MS).unref();
  }

  /** Resolves when what has been logged so far is written, or nobody reads it any more. */
  flush(): Promise<void> {
    if (!this.#isWriting) this.#begin();
    if (!this.#isWriting) return Promise.resolve();
    return new Promise((resolve) => this.#flushed.push(resolve));
  }

  #begin(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    if (this.#pending.length === 0) return;
    this.#isWriting = true;
    this.#next();
  }

  /** Writes what has come while the chunk before was written, until there is none. */
  #next(): void {
    if (this.#pending.length === 0) {
      this.#isWriting = false;
      for (const flushed of this.#flushed.splice(0)) flushed();
      return;
    }
    this.#write(this.#take());
  }

  #write(rest: Buffer): void {
    write(STDOUT, rest, (error, count) => {
      if (error?.code === 'EAGAIN') setTimeout(() => this.#write(rest), PAUSE_MS);
      else if (error !== null) this.#giveUp();
      else if (count < rest.length) this.#write(rest.subarray(count));
      else this.#next();
    });
  }

  #take(): Buffer {
    const chunk = Buffer.from(this.#pending.join(''));
    this.#pending = [];
    this.#characters = 0;
    return chunk;
  }

  #giveUp(): void {
    this.#isRead = false;
    this.#take();
    this.#next();
  }

  /** What is under way then is the system's already. */
  #atExit(): void {
    if (this.#isRead && this.#pending.length > 0) writeNow(this.#take());
  }
}

function writeNow(chunk: Buffer): void {
  let left = chunk;
  while (left.length > 0) {
    try {
      left = left.subarray(writeSync(STDOUT, left));
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EAGAIN') return;
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, PAUSE_MS);
    }
  }
}

let output: StandardOutput | undefined;

/** The one of this process. */
export function standardOutput(): StandardOutput {
  return (output ??= new StandardOutput());
}
