import { createServer, type AddressInfo, type Server, type Socket } from 'node:net';

import { Admission } from './admission.js';
import { Connection, type ConnectionHost } from './connection.js';
import { TransportError } from './errors.js';
import type { IncomingRequest } from './incoming-request.js';
import { checkServerOptions, type CheckedServerOptions, type WireServerOptions } from './server-options.js';

/**
 * What answers requests: a value, a promise, an Observable or an async iterable for many answers; undefined is no
 * answer. An error that has `toWire()` (or Nest's `getError()`) is sent as that says, another is masked. For a pattern
 * that it does not know it throws a `TransportError` with `transport.no-handler`.
 */
export type RequestHandler = (request: IncomingRequest) => unknown;

/** A server on Nest's TCP wire: any stock client can call it, and a client of ours gets more. */
export class WireServer implements ConnectionHost {
  readonly options: CheckedServerOptions;
  readonly admission: Admission;
  readonly #server: Server;
  readonly #connections = new Set<Connection>();
  #handler: RequestHandler = unknownPattern;
  #isDraining = false;
  #isClosing = false;
  #watchers: (() => void)[] = [];

  constructor(options: WireServerOptions = {}) {
    this.options = checkServerOptions(options);
    this.admission = new Admission(this.options);
    this.#server = createServer((socket) => this.#accept(socket));
    this.#server.maxConnections = this.options.maxConnections;
  }

  /** The one handler, for every pattern. */
  onRequest(handler: RequestHandler): this {
    this.#handler = handler;
    return this;
  }

  /** Rejects where the address is taken. */
  async listen(): Promise<AddressInfo> {
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    this.#server.once('error', reject);
    this.#server.listen(this.options.port, this.options.host, resolve);
    await promise;
    this.#server.off('error', reject).on('error', this.options.onError);
    return this.address();
  }

  /** Throws where it does not listen. */
  address(): AddressInfo {
    const address = this.#server.address();
    if (address === null || typeof address === 'string')
      throw new Error('The server does not listen; await listen()');
    return address;
  }

  /** The underlying `net.Server`. */
  get netServer(): Server {
    return this.#server;
  }

  get connections(): number {
    return this.#connections.size;
  }

  /** Requests that handlers work on, and requests that wait. */
  get load(): { readonly running: number; readonly waiting: number } {
    const { running, waiting } = this.admission;
    return { running, waiting };
  }

  get isDraining(): boolean {
    return this.#isDraining;
  }

  handle(request: IncomingRequest): unknown {
    return this.#handler(request);
  }

  /**
   * Takes no new connections and asks clients of ours to send nothing more; what comes all the same is answered.
   * Resolves when nothing is being worked on.
   */
  async drain(): Promise<void> {
    this.#startDraining();
    await this.#until(() => this.#held === 0);
  }

  /** Finishes what it has within `timeoutMs` (10,000), then closes every connection. */
  async close({ timeoutMs = 10_000 }: { timeoutMs?: number } = {}): Promise<void> {
    this.#startDraining();
    this.#isClosing = true;
    const timer = setTimeout(() => this.#destroyAll(), timeoutMs);
    this.changed();
    await this.#until(() => this.#connections.size === 0);
    clearTimeout(timer);
  }

  changed(): void {
    if (!this.#isDraining) return;
    if (this.#isClosing) this.#endIdle();
    for (const watcher of this.#watchers) watcher();
  }

  get #held(): number {
    let held = 0;
    for (const connection of this.#connections) held += connection.held;
    return held;
  }

  #accept(socket: Socket): void {
    const connection = new Connection(socket, this);
    this.#connections.add(connection);
    socket.once('close', () => {
      this.#connections.delete(connection);
      this.changed();
    });
    if (this.#isDraining) this.changed();
  }

  #startDraining(): void {
    if (this.#isDraining) return;
    this.#isDraining = true;
    this.#server.close();
    for (const connection of this.#connections) connection.tellDrain();
  }

  /**
   * A client of ours leaves of its own once it has read the notice and every answer, so that no request of its crosses
   * the end of the connection. A stock client does not: it is left when nothing of its is held.
   */
  #endIdle(): void {
    for (const connection of this.#connections) {
      if (connection.held === 0 && !connection.leavesWhenAsked) connection.end();
    }
  }

  #destroyAll(): void {
    for (const connection of this.#connections) connection.destroy();
  }

  async #until(condition: () => boolean): Promise<void> {
    if (condition()) return;
    const { promise, resolve } = Promise.withResolvers<void>();
    const watcher = (): void => {
      if (condition()) resolve();
    };
    this.#watchers.push(watcher);
    await promise;
    this.#watchers = this.#watchers.filter((each) => each !== watcher);
  }
}

function unknownPattern(request: IncomingRequest): never {
  throw new TransportError('transport.no-handler', `No handler for ${JSON.stringify(request.pattern)}`);
}
