import { DeadlineTimer } from '@facet/contracts';
import { EventEmitter } from 'node:events';

import { Acknowledger } from './acknowledger.js';
import type { OutgoingCall } from './call.js';
import { ParsingHandler, TextHandler, type ReplyObserver } from './calls.js';
import { checkChannelOptions, type ChannelOptions } from './channel-options.js';
import { Dialer } from './dialer.js';
import { RemoteError, TransportError, type TransportCode } from './errors.js';
import { FrameDecoder } from './frame-decoder.js';
import { idOfEnds, type FrameSkipper } from './frame-skipper.js';
import type { FrameWriter } from './frame-writer.js';
import { readPeer, type Peer } from './peer.js';
import { PendingTable, type ReplyHandler } from './pending.js';
import { ReplyReader } from './reply-reader.js';
import { streamOf } from './stream.js';
import { Watchdog } from './watchdog.js';
import { CANCEL, encodeRequest, HELLO, type WireContext } from './wire.js';

export type ChannelState = 'idle' | 'connecting' | 'ready' | 'draining' | 'closed';

/** `drain`: the server asks for no new requests here. `close`: nothing more is answered here, and why. */
export interface ChannelEvents {
  drain: [];
  close: [reason: TransportError];
}

/**
 * One TCP connection to a Nest TCP service, stock or ours, that many calls share. It connects once: after `close` make
 * another. Calls reject with a `TransportError`, or with a `RemoteError` where the service answered with an error.
 * Reads go on whatever writes do, so that two ends can never wait for each other.
 */
export class Channel extends EventEmitter<ChannelEvents> {
  readonly #options: ReturnType<typeof checkChannelOptions>;
  readonly #pending = new PendingTable();
  readonly #replies = new ReplyReader(this.#pending, {
    drain: () => this.#drainAsked(),
    surplus: (id) => this.cancel(id),
  });
  readonly #decoder: FrameDecoder;
  readonly #deadlines = new DeadlineTimer((now) => this.#expire(now));
  readonly #watchdog: Watchdog;
  #dialer: Dialer | undefined;
  #writer: FrameWriter | undefined;
  #connected: Promise<Peer> | undefined;
  #drained: PromiseWithResolvers<void> | undefined;
  #state: ChannelState = 'idle';
  #peer: Peer | undefined;
  /** Of a stock peer's answers. */
  #acknowledger: Acknowledger | undefined;
  #closeReason: TransportError | undefined;

  constructor(options: ChannelOptions) {
    super();
    this.#options = checkChannelOptions(options);
    this.#decoder = new FrameDecoder(
      this.#options.maxFrameBytes,
      (bytes, start, end) => this.#receive(bytes, start, end),
      (skipped) => this.#skipped(skipped),
    );
    this.#watchdog = new Watchdog(this.#options, {
      isPartial: () => this.#decoder.partial,
      ping: () => this.#ping(this.#options.keepAliveMs),
      dead: (message) => this.#close(new TransportError('transport.closed', `${this.#name}: ${message}`)),
    });
  }

  get state(): ChannelState {
    return this.#state;
  }

  /** How many calls wait for an answer. */
  get pending(): number {
    return this.#pending.count;
  }

  /** Their requests together, as the wire counts them. */
  get pendingBytes(): number {
    return this.#pending.size;
  }

  /** Whether a call that is made now leaves with others, in a write that is due anyway. */
  get hasPendingWrite(): boolean {
    return this.#writer?.hasPendingWrite === true;
  }

  /** Undefined until connected. */
  get peer(): Peer | undefined {
    return this.#peer;
  }

  get #name(): string {
    return `${this.#options.host}:${this.#options.port}`;
  }

  /** Connects and asks the peer what it can. Called again, returns the same promise. */
  connect(signal?: AbortSignal): Promise<Peer> {
    this.#connected ??= this.#connect(signal);
    return this.#connected;
  }

  /** Resolves with the answer, the first where there are several; with undefined where the service answered nothing. */
  call(call: OutgoingCall): Promise<unknown> {
    return new Promise((resolve, reject) => {
      const end = resolve as () => void;
      this.subscribe(call, { many: false, next: resolve, end, fail: reject });
    });
  }

  /** As `call`, with the answer's JSON as it came and unchecked; empty for no answer. */
  forward(call: OutgoingCall): Promise<string> {
    return new Promise((resolve, reject) => this.send(call, new TextHandler(resolve, reject)));
  }

  /** Every answer. The request leaves with the first `next`; returning early cancels it. */
  stream(call: OutgoingCall): AsyncIterable<unknown> {
    return streamOf((observer) => this.subscribe(call, observer), this.#options.maxStreamValues);
  }

  /** Resolves when the event is handed to the socket; nobody acknowledges it. */
  async event(call: OutgoingCall): Promise<void> {
    this.#refuse(call);
    this.#write(encodeRequest(call, undefined, this.#context(call)));
    this.#writer?.flush();
    await Promise.resolve();
  }

  /** The milliseconds of a round trip through the peer's event loop. */
  async ping(timeoutMs: number): Promise<number> {
    const start = performance.now();
    await this.#hello(timeoutMs);
    return performance.now() - start;
  }

  /**
   * Takes no new calls, waits for the answers to those that it has, then closes. One that is not connected yet has none,
   * and closes at once; its `connect` rejects.
   */
  drain(): Promise<void> {
    this.#drained ??= Promise.withResolvers();
    if (this.#state === 'ready') this.#state = 'draining';
    if (this.#state === 'closed') this.#drained.resolve();
    else if (this.#state === 'draining') this.#closeIfDrained();
    else this.#close(this.#error('transport.draining', 'drained before it was connected'));
    return this.#drained.promise;
  }

  /** Closes at once. What waits for an answer fails with `transport.closed`. */
  destroy(reason?: Error): void {
    const message = reason?.message ?? 'closed here';
    this.#close(new TransportError('transport.closed', `${this.#name}: ${message}`, { cause: reason }));
  }

  /**
   * Sends a request whose answer `handler` gets: what everything else here is made of, and what costs no promise and no
   * closure. Returns the request's id, for `cancel`. Throws a `TransportError` where the request is refused; nothing of it
   * was written then. Does not follow `call.signal`.
   */
  send(call: OutgoingCall, handler: ReplyHandler): number {
    this.#refuse(call);
    const id = this.#pending.nextId();
    const json = encodeRequest(call, id, this.#context(call));
    if (this.#pending.size + json.length > this.#options.maxPendingBytes) {
      throw this.#error('transport.pending-full', 'the requests that wait reached maxPendingBytes');
    }
    const deadline = call.timeoutMs === undefined ? Infinity : performance.now() + call.timeoutMs;
    const frame = this.#write(json);
    this.#pending.add(id, handler, { size: json.length, deadline, frame });
    if (deadline !== Infinity) this.#deadlines.watch(deadline);
    return id;
  }

  /** Gives a request up: its handler hears nothing any more, and a peer that can stops the work. Else does nothing. */
  cancel(id: number): void {
    if (this.#pending.take(id) === undefined) return;
    if (this.#peer?.cancel === true && this.#state !== 'closed')
      this.#write(encodeRequest({ pattern: CANCEL, data: id }, undefined));
    this.#closeIfDrained();
  }

  /** `send` for answers as values, and with the call's signal. Returns how to give up. */
  subscribe(call: OutgoingCall, observer: ReplyObserver): () => void {
    const handler = new ParsingHandler(observer);
    const id = this.send(call, handler);
    const { signal } = call;
    if (signal !== undefined) {
      handler.follow(signal, () =>
        this.#failOne(id, 'transport.cancelled', { message: 'The call was cancelled', cause: signal.reason }),
      );
    }
    return () => {
      handler.release();
      this.cancel(id);
    };
  }

  async #connect(signal: AbortSignal | undefined): Promise<Peer> {
    if (this.#state !== 'idle')
      throw this.#closeReason ?? this.#error('transport.closed', 'closed before it connected');
    this.#state = 'connecting';
    this.#dialer = new Dialer(this.#options, {
      onBytes: (bytes, length) => this.#read(bytes, length),
      onClose: (error) => this.#close(error),
    });
    const onAbort = (): void =>
      this.#close(this.#error('transport.cancelled', 'nobody waits for the connection'));
    signal?.addEventListener('abort', onAbort, { once: true });
    if (signal?.aborted === true) onAbort();
    try {
      this.#writer = await this.#dialer.connected;
      this.#peer = readPeer(await this.#hello(this.#options.handshakeTimeoutMs), this.#options.abilities);
    } catch (error) {
      const reason = error instanceof TransportError ? asConnectError(error, this.#name) : error;
      this.#close(reason as TransportError);
      throw this.#closeReason ?? reason;
    } finally {
      signal?.removeEventListener('abort', onAbort);
    }
    return this.#ready();
  }

  #ready(): Peer {
    if (this.#closeReason !== undefined || this.#peer === undefined) {
      throw this.#closeReason ?? this.#error('transport.closed', 'closed while it connected');
    }
    this.#state = 'ready';
    this.#watchdog.start();
    const { acknowledgeAfterMs, keepAliveMs } = this.#options;
    if (!this.#peer.hasExtensions && this.#writer !== undefined && acknowledgeAfterMs !== Infinity) {
      this.#acknowledger = new Acknowledger(this.#writer, acknowledgeAfterMs, {
        isDue: () => this.#pending.count > 0,
        finishFrame: () => this.#ping(keepAliveMs),
      });
    }
    return this.#peer;
  }

  #ping(timeoutMs: number): void {
    this.ping(timeoutMs).catch(() => undefined);
  }

  /** The handshake, which is a ping as well: it passes every check of a call but the state. */
  #hello(timeoutMs: number): Promise<unknown> {
    const call = { pattern: HELLO, data: { facet: 1, maxFrameBytes: this.#options.maxFrameBytes } };
    return new Promise((resolve, reject) => {
      if (this.#writer === undefined || this.#state === 'closed') {
        return reject(this.#closeReason ?? this.#error('transport.closed', 'not connected'));
      }
      const id = this.#pending.nextId();
      const deadline = performance.now() + timeoutMs;
      const fail = (error: Error): void => (isStock(error) ? resolve(undefined) : reject(error));
      const handler = new ParsingHandler({ many: false, next: resolve, end: resolve as () => void, fail });
      const frame = this.#write(encodeRequest(call, id));
      this.#pending.add(id, handler, { size: 0, deadline, frame });
      this.#deadlines.watch(deadline);
    });
  }

  #context(call: OutgoingCall): WireContext | undefined {
    const peer = this.#peer;
    if (peer?.hasExtensions !== true) return undefined;
    const { fields, first, times } = peer;
    return { timeLeftMs: peer.deadline ? call.timeoutMs : undefined, fields, first, times };
  }

  /** Throws where a call cannot be taken; nothing of it was written then. */
  #refuse({ signal, timeoutMs }: OutgoingCall): void {
    const { maxPending, maxQueueBytes } = this.#options;
    if (this.#state === 'draining') throw this.#error('transport.draining', 'takes no new calls');
    if (this.#state === 'closed') throw this.#error('transport.closed', 'is closed', this.#closeReason);
    if (this.#state !== 'ready')
      throw this.#error('transport.closed', 'not connected; await connect() first');
    if (signal?.aborted === true) throw this.#error('transport.cancelled', 'cancelled before it was sent');
    if (timeoutMs !== undefined && !(timeoutMs > 0)) {
      throw this.#error('transport.deadline', 'no time was left to send it');
    }
    if (this.#pending.count >= maxPending) {
      throw this.#error('transport.pending-full', `${maxPending} calls (maxPending) wait already`);
    }
    if (this.#writer !== undefined && this.#writer.unsent > maxQueueBytes) {
      throw this.#error(
        'transport.queue-full',
        `the peer reads too slowly: ${maxQueueBytes} (maxQueueBytes) are unsent`,
      );
    }
  }

  #write(json: string): number {
    const limit = Math.min(this.#options.maxFrameBytes, this.#peer?.maxFrameBytes ?? Infinity);
    if (json.length * 3 > limit && (json.length > limit || Buffer.byteLength(json) > limit)) {
      throw this.#error('transport.frame-too-large', `the request is over maxFrameBytes, ${limit}`);
    }
    return (this.#writer as FrameWriter).write(json);
  }

  /** Whatever goes wrong with what the peer sent ends this connection, and nothing else. */
  #read(bytes: Buffer, length: number): void {
    if (this.#state === 'closed') return;
    this.#watchdog.saw();
    try {
      this.#decoder.push(bytes, length);
    } catch (error) {
      this.#close(
        error instanceof TransportError
          ? error
          : this.#error('transport.corrupt-frame', 'sent what cannot be read', error),
      );
    }
    if (this.#decoder.partial) this.#watchdog.watchPartial();
    this.#acknowledger?.saw();
  }

  #receive(bytes: Buffer, start: number, end: number): void {
    this.#replies.receive(bytes, start, end);
    this.#closeIfDrained();
  }

  /** An answer over the limit fails its own call. Where it does not tell whose it is, one of all calls is lost. */
  #skipped(skipped: FrameSkipper): void {
    const { maxFrameBytes } = this.#options;
    const message = `${this.#name} sent an answer over maxFrameBytes, ${maxFrameBytes}`;
    const id = idOfEnds(skipped);
    if (id === undefined || !this.#pending.wasGiven(id)) {
      throw new TransportError('transport.frame-too-large', message, { written: true });
    }
    this.#failOne(id, 'transport.frame-too-large', { message });
  }

  #drainAsked(): void {
    if (this.#state === 'closed') return;
    this.emit('drain');
    void this.drain();
  }

  #expire(now: number): number {
    const message = `${this.#name} did not answer in time`;
    return this.#pending.sweep(now, (id) => this.#failOne(id, 'transport.deadline', { message }));
  }

  /** Fails a request whose frame is on its way, so that it counts as written. */
  #failOne(id: number, code: TransportCode, { message, cause }: { message: string; cause?: unknown }): void {
    const handler = this.#pending.get(id);
    this.cancel(id);
    handler?.missed(new TransportError(code, message, { written: true, cause }));
  }

  #closeIfDrained(): void {
    if (this.#state !== 'draining' || this.#pending.count > 0) return;
    this.#writer?.flush();
    this.#dialer?.end();
    this.#close(this.#error('transport.closed', 'drained'), false);
  }

  #close(reason: TransportError, destroySocket = true): void {
    if (this.#state === 'closed') return;
    this.#state = 'closed';
    this.#closeReason = reason;
    this.#watchdog.stop();
    this.#deadlines.stop();
    this.#acknowledger?.stop();
    if (destroySocket) this.#dialer?.destroy(reason);
    const flushed = this.#writer?.flushed ?? 0;
    this.#pending.failAll((frame, isFirst) => {
      const { code, message, cause } = reason;
      return new TransportError(code, message, { written: frame <= flushed, collateral: !isFirst, cause });
    });
    this.#drained?.resolve();
    this.emit('close', reason);
  }

  #error(code: TransportCode, message: string, cause?: unknown): TransportError {
    return new TransportError(code, `${this.#name}: ${message}`, { cause });
  }
}

/** A stock server has no handler for the handshake; that is its answer. */
function isStock(error: Error): boolean {
  return error instanceof RemoteError || (error as TransportError).code === 'transport.no-handler';
}

function asConnectError(error: TransportError, name: string): TransportError {
  if (error.code !== 'transport.deadline') return error;
  return new TransportError(
    'transport.handshake-timeout',
    `${name} took the connection and did not answer in time`,
  );
}
