import { POSITIVE_COUNT, POSITIVE_MS, withDefaults } from '@facet/contracts';
import { ClientProxy, type ReadPacket, type WritePacket } from '@nestjs/microservices';

import type { OutgoingCall } from '../call.js';
import type { Channel } from '../channel.js';
import { checkChannelSettings, type ChannelBounds } from '../channel-options.js';
import { RemoteError, TransportError } from '../errors.js';
import { CallRecord } from './call-record.js';
import { ChannelPool, type Address } from './channel-pool.js';

export interface FacetClientOptions extends Partial<ChannelBounds> {
  /** One server: its host (127.0.0.1) and port. */
  readonly host?: string;
  readonly port?: number;
  /** Several servers of the same service, in place of `host` and `port`. */
  readonly servers?: readonly Address[];
  /** Connections to each server. 1. */
  readonly connections?: number;
  /** For a whole answer, the last value of a stream included, in milliseconds; `Infinity` for none. 30,000. */
  readonly timeoutMs?: number;
  /** The bounds of the pause after a failed connect, in milliseconds. 50 and 5000. */
  readonly reconnectMinMs?: number;
  readonly reconnectMaxMs?: number;
  /** How long `close()` waits for answers, in milliseconds. 5000. */
  readonly closeTimeoutMs?: number;
}

const own = {
  defaults: {
    connections: 1,
    timeoutMs: 30_000,
    reconnectMinMs: 50,
    reconnectMaxMs: 5000,
    closeTimeoutMs: 5000,
  },
  ranges: {
    connections: POSITIVE_COUNT,
    timeoutMs: { min: 1, max: Infinity },
    reconnectMinMs: POSITIVE_MS,
    reconnectMaxMs: POSITIVE_MS,
    closeTimeoutMs: POSITIVE_MS,
  },
};

/**
 * A `ClientProxy` for `ClientsModule.register([{ name, customClass: FacetClient, options }])`. Errors of the service come
 * as with `ClientTCP`, as what the service sent; those of the transport are `TransportError`s. Unsubscribing cancels.
 */
export class FacetClient extends ClientProxy {
  readonly #pool: ChannelPool;
  readonly #timeoutMs: number | undefined;
  readonly #closeTimeoutMs: number;

  constructor(options: FacetClientOptions) {
    super();
    const { host: _host, port: _port, servers: _servers, ...given } = options;
    const { timeoutMs, closeTimeoutMs, connections, reconnectMinMs, reconnectMaxMs, ...bounds } = given;
    const mine = { timeoutMs, closeTimeoutMs, connections, reconnectMinMs, reconnectMaxMs };
    const checked = withDefaults('FacetClient', own, mine as Partial<typeof own.defaults>);
    this.#timeoutMs = checked.timeoutMs === Infinity ? undefined : checked.timeoutMs;
    this.#closeTimeoutMs = checked.closeTimeoutMs;
    this.#pool = new ChannelPool({
      bounds: checkChannelSettings('FacetClient', bounds),
      servers: serversOf(options),
      connections: checked.connections,
      reconnectMinMs: checked.reconnectMinMs,
      reconnectMaxMs: checked.reconnectMaxMs,
      onStatus: (isConnected) => this._status$.next(isConnected ? 'connected' : 'disconnected'),
    });
  }

  /** How many connections take calls. */
  get ready(): number {
    return this.#pool.ready;
  }

  connect(): Promise<void> {
    return this.#pool.connect();
  }

  /** Waits for the answers that are due, then closes. */
  close(): Promise<void> {
    return this.#pool.close(this.#closeTimeoutMs);
  }

  /** The channel that the next call would take. */
  unwrap<T = Channel>(): T {
    return this.#channel() as T;
  }

  protected publish(packet: ReadPacket, callback: (packet: WritePacket) => void): () => void {
    try {
      return this.#channel().subscribe(this.#callOf(packet), {
        many: true,
        next: (response) => callback({ response }),
        end: () => callback({ isDisposed: true }),
        fail: (error) => callback({ err: error instanceof RemoteError ? error.payload : error }),
      });
    } catch (err) {
      callback({ err });
      return () => undefined;
    }
  }

  protected async dispatchEvent<T>(packet: ReadPacket): Promise<T> {
    const pattern = this.normalizePattern(packet.pattern as string);
    return (await this.#channel().event({ ...this.#callOf(packet), pattern })) as T;
  }

  #channel(): Channel {
    const channel = this.#pool.pick();
    if (channel === undefined)
      throw new TransportError('transport.closed', 'Not connected; await connect() first');
    return channel;
  }

  #callOf({ pattern, data, metadata }: ReadPacket<unknown>): OutgoingCall {
    const { data: payload, extras } =
      data instanceof CallRecord ? (data as CallRecord<unknown>) : { data, extras: {} };
    return {
      pattern: pattern as OutgoingCall['pattern'],
      data: payload,
      ...(this.#timeoutMs === undefined ? {} : { timeoutMs: this.#timeoutMs }),
      ...extras,
      ...(metadata === undefined ? {} : { metadata }),
    };
  }
}

function serversOf({ servers, host = '127.0.0.1', port }: FacetClientOptions): readonly Address[] {
  if (servers !== undefined && servers.length > 0) return servers;
  if (port === undefined)
    throw new TypeError('FacetClient: give a port, or servers with at least one address');
  return [{ host, port }];
}
