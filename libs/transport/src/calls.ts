import type { Signal } from '@facet/contracts';
import type { RemoteError, TransportError } from './errors.js';
import type { ReplyHandler } from './pending.js';
import { corrupt } from './wire.js';

/** Gets the answers to one request, parsed. After `end` or `fail` nothing more comes. */
export interface ReplyObserver {
  /** Whether it takes more than one answer. */
  readonly many: boolean;
  next(answer: unknown): void;
  end(): void;
  fail(error: Error): void;
}

/** A `ReplyObserver` as a channel calls it: parses, and ends with the signal. */
export class ParsingHandler implements ReplyHandler {
  readonly more: ReplyHandler['more'];
  #signal: Signal | undefined;
  #onAbort: (() => void) | undefined;

  constructor(private readonly observer: ReplyObserver) {
    if (observer.many) this.more = (bytes, start, end) => this.#next(bytes, start, end);
  }

  /** Calls `onAbort` when the signal fires before the answer is there. */
  follow(signal: Signal, onAbort: () => void): void {
    this.#signal = signal;
    this.#onAbort = onAbort;
    signal.addEventListener('abort', onAbort, { once: true });
  }

  arrived(bytes: Buffer, start: number, end: number): void {
    this.release();
    if (end > start && !this.#next(bytes, start, end)) return;
    this.observer.end();
  }

  missed(error: TransportError | RemoteError): void {
    this.release();
    this.observer.fail(error);
  }

  release(): void {
    if (this.#onAbort !== undefined) this.#signal?.removeEventListener('abort', this.#onAbort);
  }

  #next(bytes: Buffer, start: number, end: number): boolean {
    if (end <= start) {
      this.observer.next(undefined);
      return true;
    }
    let answer: unknown;
    try {
      answer = JSON.parse(bytes.toString('utf8', start, end));
    } catch (cause) {
      this.observer.fail(corrupt('The peer sent an answer that is no JSON', cause));
      return false;
    }
    this.observer.next(answer);
    return true;
  }
}

/** An answer as its JSON. */
export class TextHandler implements ReplyHandler {
  constructor(
    private readonly resolve: (json: string) => void,
    private readonly reject: (error: Error) => void,
  ) {}

  arrived(bytes: Buffer, start: number, end: number): void {
    this.resolve(bytes.toString('utf8', start, end));
  }

  missed(error: TransportError | RemoteError): void {
    this.reject(error);
  }
}
