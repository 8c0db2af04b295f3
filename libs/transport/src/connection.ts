import { DeadlineTimer } from '@facet/contracts';
import type { Socket } from 'node:net';

import type { Admission } from './admission.js';
import { TransportError } from './errors.js';
import { FrameDecoder } from './frame-decoder.js';
import { FrameWriter } from './frame-writer.js';
import { IncomingRequest } from './incoming-request.js';
import { readRequest } from './request-scan.js';
import type { CheckedServerOptions } from './server-options.js';
import { Watchdog } from './watchdog.js';
import { CANCEL, corrupt, DRAIN_NOTICE, encodeValue, HELLO, type WireRequest } from './wire.js';
import { tooLate, RequestTask, type RequestTaskHost } from './request-task.js';

const ROOM_UNITS = 1024 * 1024;
const ID_FRAME_UNITS = 512;

export interface ConnectionHost {
  readonly options: CheckedServerOptions;
  readonly admission: Admission;
  readonly isDraining: boolean;
  handle(request: IncomingRequest): unknown;
  /** A request task or the whole connection came to its end. */
  changed(): void;
}

/** The server's end of one connection: requests in, replies out, and what the client asks of us beside them. */
export class Connection implements RequestTaskHost {
  readonly #writer: FrameWriter;
  readonly #decoder: FrameDecoder;
  readonly #watchdog: Watchdog;
  /** Requests that may be cancelled, each at its `place`. No `Map`: see `Deadlines` of @facet/aggregation. */
  readonly #live: RequestTask[] = [];
  readonly #deadlines = new DeadlineTimer((now) => this.#expire(now));
  #held = 0;
  /** What the client takes; a stock one does not say. */
  #maxReplyBytes: number;
  #isOurs = false;
  #isClosed = false;
  #drainTold = false;

  constructor(
    readonly socket: Socket,
    private readonly host: ConnectionHost,
  ) {
    const { options } = host;
    this.#maxReplyBytes = options.maxFrameBytes;
    this.#writer = new FrameWriter(socket);
    this.#decoder = new FrameDecoder(options.maxFrameBytes, (bytes, start, end, ascii) =>
      this.#receive(bytes, start, end, ascii),
    );
    this.#watchdog = new Watchdog(options, {
      isPartial: () => this.#decoder.partial,
      ping: () => undefined,
      dead: (message) => this.destroy(new TransportError('transport.closed', message)),
    });
    socket.setNoDelay(true);
    socket.setKeepAlive(true, options.keepAliveMs);
    socket.on('data', (bytes: Buffer) => this.#read(bytes));
    // A client that resets its connection, as one does whose process ends, has left: no more is wrong than when it closes it.
    socket.on('error', (error) => hasLeft(error) || this.report(error));
    socket.once('close', () => this.#closed());
  }

  /** Requests and events of this client that are not done. */
  get held(): number {
    return this.#held;
  }

  /** Whether the client leaves of its own when asked to; a stock one does not know how. */
  get leavesWhenAsked(): boolean {
    return this.#isOurs;
  }

  tellDrain(): void {
    if (!this.#isOurs || this.#drainTold) return;
    this.#drainTold = true;
    this.#writer.write(DRAIN_NOTICE);
  }

  /** Closes when what is written has left. */
  end(): void {
    this.#writer.flush();
    this.socket.end();
  }

  destroy(reason?: Error): void {
    if (reason !== undefined) this.report(reason);
    this.socket.destroy();
  }

  handle(request: IncomingRequest): unknown {
    return this.host.handle(request);
  }

  reply(json: string): void {
    if (this.#isClosed) return;
    const limit = this.#maxReplyBytes;
    if (json.length > ID_FRAME_UNITS && json.length * 3 > limit && Buffer.byteLength(json) > limit) {
      throw new TransportError('transport.frame-too-large', `The answer is over the limit of ${limit} bytes`);
    }
    this.#writer.write(json);
    if (this.#writer.unsent > this.host.options.maxUnsentBytes * 2) {
      this.destroy(
        new TransportError('transport.queue-full', 'A client does not read its replies; it was cut off'),
      );
    }
  }

  drained(): Promise<void> | undefined {
    if (this.#isClosed || this.#writer.unsent < ROOM_UNITS) return undefined;
    return new Promise((resolve) => {
      const done = (): void => {
        this.socket.off('drain', done).off('close', done);
        resolve();
      };
      this.socket.once('drain', done).once('close', done);
    });
  }

  report(error: unknown): void {
    this.host.options.onError(error);
  }

  withdraw(task: RequestTask): boolean {
    return this.host.admission.withdraw(task);
  }

  finished(task: RequestTask): void {
    this.#held--;
    this.#forget(task);
    this.host.options.onHandled?.(task);
    if (task.hasRun) this.host.admission.finished(task);
    this.host.changed();
  }

  #read(bytes: Buffer): void {
    this.#watchdog.saw();
    try {
      this.#decoder.push(bytes);
    } catch (error) {
      this.destroy(
        error instanceof TransportError ? error : corrupt('A client sent what cannot be read', error),
      );
    }
    if (this.#decoder.partial) this.#watchdog.watchPartial();
  }

  #receive(bytes: Buffer, start: number, end: number, ascii: boolean): void {
    if (this.#isClosed || this.socket.destroyed) return;
    const packet = readRequest(bytes.toString(ascii ? 'latin1' : 'utf8', start, end));
    if (packet.pattern === HELLO && packet.id !== undefined) return this.#greet(packet);
    if (packet.pattern === CANCEL && packet.id === undefined) return this.#cancel(packet.data);
    const request = new IncomingRequest(packet, this.socket);
    const { abilities, collectsTimes } = this.host.options;
    if ((request.wantsTimes && abilities.includes('times')) || collectsTimes?.(request) === true)
      request.collectTimes();
    const task = new RequestTask(request, packet.id, end - start, this);
    this.#held++;
    if (this.#writer.unsent > this.host.options.maxUnsentBytes) return task.shed();
    if (!task.request.isEvent) this.#track(task);
    this.host.admission.enter(task);
  }

  #track(task: RequestTask): void {
    task.place = this.#live.push(task) - 1;
    if (task.request.deadline !== Infinity) this.#deadlines.watch(task.request.deadline);
  }

  #forget(task: RequestTask): void {
    const { place } = task;
    if (place < 0) return;
    task.place = -1;
    const last = this.#live.pop() as RequestTask;
    if (last === task) return;
    this.#live[place] = last;
    last.place = place;
  }

  #greet({ data, id }: WireRequest): void {
    const { maxFrameBytes, info, abilities } = this.host.options;
    const theirs = (data as { maxFrameBytes?: unknown } | null | undefined)?.maxFrameBytes;
    if (typeof theirs === 'number' && theirs > 0) this.#maxReplyBytes = Math.min(maxFrameBytes, theirs);
    const can = ['deadline', 'cancel', 'drain', ...abilities];
    this.#isOurs = true;
    this.#writer.write(encodeValue({ facet: 1, can, maxFrameBytes, info }, true, id));
    if (this.host.isDraining) this.tellDrain();
  }

  #cancel(id: unknown): void {
    const cancelled = this.#live.find((task) => task.id === id);
    cancelled?.abandon(new TransportError('transport.cancelled', 'The caller gave up'));
  }

  #expire(now: number): number {
    let next = Infinity;
    for (const task of [...this.#live]) {
      const { deadline } = task.request;
      if (deadline <= now) task.abandon(tooLate());
      else if (deadline < next) next = deadline;
    }
    return next;
  }

  #closed(): void {
    this.#isClosed = true;
    this.#watchdog.stop();
    this.#deadlines.stop();
    const gone = new TransportError('transport.closed', 'The client is gone');
    for (const task of [...this.#live]) task.abandon(gone);
    this.host.changed();
  }
}

const hasLeft = (error: NodeJS.ErrnoException): boolean =>
  error.code === 'ECONNRESET' || error.code === 'EPIPE';
