import type { Socket } from 'node:net';

const BATCH_UNITS = 64 * 1024;

/**
 * Writes frames to a socket, many in one write: what is written during one turn of the event loop leaves together before
 * the next, as a write costs more than joining what a peer reads at once anyway. Larger frames go out alone. Never waits
 * for the socket: who writes looks at `unsent`.
 */
export class FrameWriter {
  #batch = '';
  #accepted = 0;
  #flushed = 0;
  /** Whether anything left since it was last set to false. */
  hasWritten = false;
  #zeros = 0;
  readonly #flush = (): void => this.flush();

  constructor(private readonly socket: Socket) {}

  /** What is accepted and not yet with the operating system, in UTF-16 code units. */
  get unsent(): number {
    return this.#batch.length + this.socket.writableLength;
  }

  /** Whether a further frame would leave in a write that is due anyway. */
  get hasPendingWrite(): boolean {
    return this.#batch !== '';
  }

  /** The number of the last frame that was handed to the socket; frames count from 1 in the order of `write`. */
  get flushed(): number {
    return this.#flushed;
  }

  /** How many zeros stand before the length of the next frame. */
  get zeros(): number {
    return this.#zeros;
  }

  /** Sends a zero, the first digit of the next frame's length, unless a write is due anyway. */
  writeZero(): void {
    if (this.#batch !== '' || !this.socket.writable) return;
    this.#zeros++;
    this.hasWritten = true;
    this.socket.write('0', 'latin1');
  }

  /** Takes one frame's JSON; returns the frame's number. */
  write(json: string): number {
    this.#accepted++;
    if (this.#batch === '') {
      if (json.length >= BATCH_UNITS) return this.#send(`${json.length}#${json}`);
      setImmediate(this.#flush);
      this.#batch = `${json.length}#${json}`;
    } else {
      this.#batch += `${json.length}#${json}`;
      if (this.#batch.length >= BATCH_UNITS) this.flush();
    }
    return this.#accepted;
  }

  flush(): void {
    if (this.#batch === '') return;
    const batch = this.#batch;
    this.#batch = '';
    this.#send(batch);
  }

  #send(text: string): number {
    if (this.socket.writable) {
      this.#flushed = this.#accepted;
      this.#zeros = 0;
      this.hasWritten = true;
      this.socket.write(text, 'utf8');
    }
    return this.#accepted;
  }
}
