import type { AttemptReason, SentAttempt, ServerTimes } from '@facet/contracts';
import type { OutgoingCall, RemoteError, ReplyHandler, TransportError } from '@facet/transport';
import type { KindChannel } from './kinds/kind.js';

/** A connection; it has a channel while it is ready. */
export interface Connected {
  readonly channel: Pick<KindChannel, 'send' | 'cancel'> | undefined;
}

/** What a call needs of an instance. */
export interface Endpoint {
  readonly address: string;
  /** The connection to send on; undefined where none is ready. */
  connection(): Connected | undefined;
  isEjected(now: number): boolean;
  started(now: number): void;
  /** It answered, whatever it said. */
  answered(now: number, tookMs: number): void;
  missed(miss: Miss, now: number): void;
}

/** What became of an attempt that did not succeed. */
export interface Miss {
  /** The operation's pattern. */
  readonly operation: string;
  readonly error: unknown;
  readonly startedAt: number;
}

/** Who made an attempt. */
export interface AttemptOwner {
  /** Makes of an answer's bytes what the caller reads. Throws where the answer breaks its contract. */
  read(bytes: Buffer, start: number, end: number): unknown;
  arrived(attempt: Attempt, value: unknown, ageMs?: number): void;
  missed(attempt: Attempt, error: unknown): void;
}

/** One request to one instance; the connection gives it the answer. */
export class Attempt implements ReplyHandler, SentAttempt {
  isOver = false;
  endedAt = 0;
  code = '';
  why: AttemptReason = 'first';
  spanId: string | undefined;
  server: ServerTimes | undefined;
  #id = 0;
  #channel: Connected['channel'];

  constructor(
    private readonly owner: AttemptOwner,
    readonly instance: Endpoint,
    readonly startedAt: number,
  ) {}

  get address(): string {
    return this.instance.address;
  }

  /** Throws where the request cannot be taken; nothing of it was written then. */
  send(channel: NonNullable<Connected['channel']>, call: OutgoingCall): void {
    this.#channel = channel;
    this.#id = channel.send(call, this);
  }

  timed(times: ServerTimes): void {
    this.server = times;
  }

  arrived(bytes: Buffer, start: number, end: number, ageMs?: number): void {
    this.isOver = true;
    let value: unknown;
    try {
      value = this.owner.read(bytes, start, end);
    } catch (error) {
      return this.owner.missed(this, error);
    }
    this.owner.arrived(this, value, ageMs);
  }

  missed(error: TransportError | RemoteError): void {
    this.isOver = true;
    this.owner.missed(this, error);
  }

  /** Nothing comes any more, and a peer that can stops the work. */
  cancel(): void {
    this.isOver = true;
    this.#channel?.cancel(this.#id);
  }
}
