import type { ServerResponse } from 'node:http';
import { headersOf } from '../http/answer.js';

/** So many pages may be open at once. */
export const MOST_READERS = 16;
/** For how long a reader may not read before it is dropped, in ms. */
const PATIENCE_MS = 10_000;

interface Reader {
  readonly response: ServerResponse;
  /** Since when what was sent waits to be read; undefined while it reads. */
  behindSince: number | undefined;
}

/** Sends events (server-sent events) to every page that is open. One that does not keep up misses events, and is dropped in the end. */
export class Feed {
  readonly #readers = new Set<Reader>();
  readonly #onOpen: () => void;
  readonly #onClose: () => void;
  readonly #now: () => number;

  constructor({
    onOpen,
    onClose,
    now = () => performance.now(),
  }: {
    /** The first page is there. */
    readonly onOpen: () => void;
    /** The last one has gone. */
    readonly onClose: () => void;
    readonly now?: () => number;
  }) {
    this.#onOpen = onOpen;
    this.#onClose = onClose;
    this.#now = now;
  }

  get isOpen(): boolean {
    return this.#readers.size > 0;
  }

  get isFull(): boolean {
    return this.#readers.size >= MOST_READERS;
  }

  add(response: ServerResponse, hello: () => unknown): void {
    const reader: Reader = { response, behindSince: undefined };
    this.#readers.add(reader);
    response.on('error', () => undefined);
    response.on('drain', () => (reader.behindSince = undefined));
    response.once('close', () => this.#remove(reader));
    response.writeHead(200, headersOf('text/event-stream; charset=utf-8', { 'x-accel-buffering': 'no' }));
    if (this.#readers.size === 1) this.#onOpen();
    this.#write(reader, textOf('hello', hello()));
  }

  send(event: string, data: unknown): void {
    if (!this.isOpen) return;
    const text = textOf(event, data);
    for (const reader of this.#readers) this.#write(reader, text);
  }

  close(): void {
    for (const { response } of this.#readers) response.destroy();
  }

  #write(reader: Reader, text: string): void {
    const { response, behindSince } = reader;
    if (behindSince === undefined) {
      if (!response.write(text)) reader.behindSince = this.#now();
    } else if (this.#now() - behindSince > PATIENCE_MS) response.destroy();
  }

  #remove(reader: Reader): void {
    if (!this.#readers.delete(reader)) return;
    if (this.#readers.size === 0) this.#onClose();
  }
}

function textOf(event: string, data: unknown): string {
  return `event: ${event}\ndata: ${JSON.stringify(data)}\n\n`;
}
