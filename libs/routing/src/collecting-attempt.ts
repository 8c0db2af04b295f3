import type { Operation } from '@facet/contracts';
import { TransportError } from '@facet/transport';
import { Attempt, type AttemptOwner, type Endpoint } from './attempt.js';

/** Several values of one request that are its answer together, or of which the last one is. */
export interface Collecting {
  readonly values: 'last' | 'all';
  /** Of all values that are kept. */
  readonly maxBytes: number;
}

export function collectingOf({ values }: Operation, maxBytes: number): Collecting | undefined {
  return values === undefined || values === 'first' ? undefined : { values, maxBytes };
}

const OPENING = Buffer.from('[');
const COMMA = Buffer.from(',');
const CLOSING = Buffer.from(']');

/** A request whose handler may return an Observable of several values. All of them make a list, in their order. */
export class CollectingAttempt extends Attempt {
  #values: Buffer[] = [];
  #bytes = 0;

  constructor(
    owner: AttemptOwner,
    instance: Endpoint,
    startedAt: number,
    private readonly collecting: Collecting,
  ) {
    super(owner, instance, startedAt);
  }

  /** What is kept is copied, as the bytes are the connection's. */
  more(bytes: Buffer, start: number, end: number): void {
    if (this.isOver || start === end) return;
    const { values, maxBytes } = this.collecting;
    if (values === 'last') this.#drop();
    this.#values.push(Buffer.from(bytes.subarray(start, end)));
    this.#bytes += end - start + 1;
    if (this.#bytes <= maxBytes) return;
    this.#drop();
    this.cancel();
    const message = `${this.instance.address} sent values of over ${maxBytes} bytes together`;
    this.missed(new TransportError('transport.frame-too-large', message, { written: true }));
  }

  override arrived(bytes: Buffer, start: number, end: number): void {
    this.more(bytes, start, end);
    if (this.isOver) return;
    const answer = this.collecting.values === 'all' ? listOf(this.#values) : (this.#values[0] ?? NOTHING);
    this.#drop();
    super.arrived(answer, 0, answer.length);
  }

  #drop(): void {
    this.#values = [];
    this.#bytes = 0;
  }
}

const NOTHING = Buffer.alloc(0);

function listOf(values: readonly Buffer[]): Buffer {
  const parts = values.flatMap((value, at) => (at === 0 ? [value] : [COMMA, value]));
  return Buffer.concat([OPENING, ...parts, CLOSING]);
}
