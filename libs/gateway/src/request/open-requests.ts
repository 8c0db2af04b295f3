import type { Server } from 'node:http';
import type { Socket } from 'node:net';
import { systemClock } from '@facet/contracts';
import { Ticker } from '@facet/routing';
import type { Lifecycle, RequestContext, RequestTimes } from './context.js';

/** The first of the requests that are open on a connection. */
const FIRST = Symbol('open requests');
type Connection = Socket & { [FIRST]?: RequestContext | undefined };

/** Told of a request. */
type Listener = (request: RequestContext) => void;

/**
 * The requests that are not over: each ends when its answer is sent, and is cancelled when its time is up or its connection
 * closes. One listener for a connection and one timer for all requests do that.
 */
export class OpenRequests implements Lifecycle {
  readonly #ticker = new Ticker(systemClock);
  readonly #released: Listener[] = [];
  readonly #ended: Listener[] = [];
  #active = 0;

  constructor(
    readonly times: RequestTimes,
    readonly sampleRatio = 1,
  ) {}

  /** Watches the connections of a server. */
  attach(server: Server): void {
    server.on('connection', (socket: Connection) => {
      socket[FIRST] = undefined;
      socket.once('close', () => {
        for (let each = socket[FIRST]; each !== undefined; each = each.next) each.closed();
        socket[FIRST] = undefined;
      });
    });
  }

  /** Tells of each request once, when nothing of it is under way any more: it is answered, or its client has left. */
  onReleased(listener: Listener): void {
    this.#released.push(listener);
  }

  /** Tells of each request that was answered, once, when its answer is sent or its client has left. */
  onEnded(listener: Listener): void {
    this.#ended.push(listener);
  }

  /** How many requests are neither answered nor left by their client. */
  get active(): number {
    return this.#active;
  }

  add(request: RequestContext): void {
    this.#active += 1;
    const socket = request.raw.raw.socket as Connection;
    if (FIRST in socket) {
      request.next = socket[FIRST];
      socket[FIRST] = request;
    } else request.reply.raw.once('close', () => request.closed());
    this.#ticker.watch(request);
  }

  watch(request: RequestContext): void {
    this.#ticker.watch(request);
  }

  release(request: RequestContext): void {
    if (request.isReleased) return;
    request.isReleased = true;
    this.#active -= 1;
    for (const listener of this.#released) listener(request);
  }

  end(request: RequestContext): void {
    if (request.isOver) return;
    request.endedAt = performance.now();
    this.#unlink(request);
    this.release(request);
    for (const listener of this.#ended) listener(request);
  }

  #unlink(request: RequestContext): void {
    const socket = request.raw.raw.socket as Connection | null;
    if (socket === null) return;
    if (socket[FIRST] === request) {
      socket[FIRST] = request.next;
      return;
    }
    for (let each = socket[FIRST]; each !== undefined; each = each.next)
      if (each.next === request) each.next = request.next;
  }
}
