import type { Socket } from 'node:net';

import type { FirstOf, Priority } from '@facet/contracts';
import type { IncomingContext } from './call.js';
import type { TransportError } from './errors.js';
import { TimesCollector } from './server-times.js';
import { headOf } from './request-scan.js';
import { readContext, readContextText, type WireRequest } from './wire.js';

/** A request or an event as a handler gets it. What the client sent along is its word, and proves nothing. */
export class IncomingRequest {
  readonly pattern: unknown;
  readonly data: unknown;
  /** Nest's own metadata. */
  readonly metadata: Readonly<Record<string, string>> | undefined;
  /** An event is never answered, and goes on when its client leaves. */
  readonly isEvent: boolean;
  /** What was sent along; undefined while it is text that nobody has asked for. */
  #read: IncomingContext | undefined;
  readonly #text: string | undefined;
  readonly #deadline: number;
  /** What an overloaded server works on first. */
  readonly priority: Priority;
  /** When its frame was read, on the clock of `performance.now()`. */
  readonly receivedAt = performance.now();
  #times: TimesCollector | undefined;
  #controller: AbortController | undefined;
  #aborted: TransportError | undefined;

  constructor(
    packet: WireRequest,
    /** The connection it came over. */
    readonly socket: Socket,
  ) {
    this.pattern = packet.pattern;
    this.data = packet.data;
    this.metadata = packet.metadata as Record<string, string> | undefined;
    this.isEvent = packet.id === undefined;
    this.#text = packet.context;
    const head = packet.context === undefined ? undefined : headOf(packet.context);
    if (head === undefined && packet.context === undefined) this.#read = readContext(packet.facet);
    const { timeLeftMs, priority } = head ?? this.#context;
    this.priority = priority;
    this.#deadline = timeLeftMs === undefined ? Infinity : this.receivedAt + timeLeftMs;
  }

  get #context(): IncomingContext {
    return (this.#read ??= readContextText(this.#text ?? ''));
  }

  /** Fires when nobody waits for the answer: cancelled, disconnected, or too late. */
  get signal(): AbortSignal {
    this.#controller ??= new AbortController();
    if (this.#aborted !== undefined) this.#controller.abort(this.#aborted);
    return this.#controller.signal;
  }

  /** When the answer is of no more use, on the clock of `performance.now()`; Infinity for never. */
  get deadline(): number {
    return this.#deadline;
  }

  /** Milliseconds until then; undefined where the client set no time. */
  timeLeftMs(): number | undefined {
    return this.#deadline === Infinity ? undefined : Math.max(0, this.#deadline - performance.now());
  }

  /** A proof of who is calling, to be checked. */
  get caller(): string | undefined {
    return this.#context.caller;
  }

  get traceparent(): string | undefined {
    return this.#context.traceparent;
  }

  /** The fields of the answer that are read; undefined for all. */
  get fields(): readonly string[] | undefined {
    return this.#context.fields;
  }

  /** Of one list of the answer, the first elements alone; undefined for all. */
  get first(): FirstOf | undefined {
    return this.#context.first;
  }

  /** Whether the client asks for the times of queue, handler and SQL. */
  get wantsTimes(): boolean {
    // A quote inside a text has a backslash before it, so that no text holds this; parsing waits until somebody needs more.
    return this.#read?.times ?? this.#text?.includes('"times":true') === true;
  }

  /** Takes what the handler reports of its work; undefined where nobody asks for it. */
  get times(): TimesCollector | undefined {
    return this.#times;
  }

  collectTimes(): void {
    this.#times ??= new TimesCollector();
  }

  /** Tells the handler that nobody waits any more. */
  abort(reason: TransportError): void {
    this.#aborted ??= reason;
    this.#controller?.abort(this.#aborted);
  }
}
