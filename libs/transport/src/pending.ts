import type { CallSignal } from './call.js';
import type { TransportError } from './errors.js';

/** Who gets the answers to one request. After `end` or `fail` nothing more comes. */
export interface Receiver {
  /** Whether it takes the JSON of an answer as text, unparsed. */
  readonly raw: boolean;
  /** Whether it takes more than one answer. */
  readonly many: boolean;
  next(answer: unknown): void;
  end(): void;
  fail(error: Error): void;
}

/** A request that waits for its answer. */
export class Pending {
  constructor(
    readonly receiver: Receiver,
    /** The request's size in UTF-16 units. */
    readonly size: number,
    /** On the clock of `performance.now()`; Infinity for none. */
    readonly deadline: number,
  ) {}

  /** The number of the request's frame: whether it was written follows from it. */
  frame = 0;
  signal: CallSignal | undefined;
  onAbort: (() => void) | undefined;

  /** Ends the call when the signal fires. */
  follow(signal: CallSignal, onAbort: () => void): void {
    this.signal = signal;
    this.onAbort = onAbort;
    signal.addEventListener('abort', onAbort, { once: true });
  }

  release(): void {
    if (this.onAbort !== undefined) this.signal?.removeEventListener('abort', this.onAbort);
  }
}

/** The requests of one connection that wait, by id. Ids count from 1 and never come again. */
export class PendingTable {
  readonly #calls = new Map<number, Pending>();
  #lastId = 0;
  #size = 0;

  get count(): number {
    return this.#calls.size;
  }

  /** Their requests together, in UTF-16 units. */
  get size(): number {
    return this.#size;
  }

  nextId(): number {
    return ++this.#lastId;
  }

  /** Whether a request ever had this id. */
  wasGiven(id: number): boolean {
    return Number.isInteger(id) && id >= 1 && id <= this.#lastId;
  }

  add(id: number, call: Pending): void {
    this.#calls.set(id, call);
    this.#size += call.size;
  }

  get(id: number): Pending | undefined {
    return this.#calls.get(id);
  }

  /** Takes a call out: whoever holds it is the one to settle it. Undefined where it is settled already. */
  take(id: number): Pending | undefined {
    const call = this.#calls.get(id);
    if (call === undefined) return undefined;
    this.#calls.delete(id);
    this.#size -= call.size;
    call.release();
    return call;
  }

  ids(): IterableIterator<number> {
    return this.#calls.keys();
  }

  /** Fails every call with the error that `errorOf` makes for it. */
  failAll(errorOf: (call: Pending) => TransportError): void {
    for (const id of [...this.#calls.keys()]) {
      const call = this.take(id);
      call?.receiver.fail(errorOf(call));
    }
  }
}
