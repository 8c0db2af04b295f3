import { connect, type Socket } from 'node:net';

import { systemClock } from '@facet/contracts';
import type { ChannelBounds } from './channel-options.js';
import { TransportError } from './errors.js';
import { FrameWriter } from './frame-writer.js';

const READ_BYTES = 64 * 1024;
const CLOSING_MS = 2000;

interface DialerEvents {
  /** What was read is valid during the call only. */
  onBytes(bytes: Buffer, length: number): void;
  /** Once, when the socket is gone for whatever reason. */
  onClose(reason: TransportError): void;
}

/** The socket of one channel: connects in time, reads into one buffer for ever, says once why it ended. */
export class Dialer {
  readonly #socket: Socket;
  /** Rejects with `transport.connect-failed` or `transport.connect-timeout`. */
  readonly connected: Promise<FrameWriter>;

  constructor(options: ChannelBounds & { host: string; port: number }, events: DialerEvents) {
    const { host, port, connectTimeoutMs, keepAliveMs } = options;
    const { promise, resolve, reject } = Promise.withResolvers<FrameWriter>();
    this.connected = promise;
    promise.catch(() => undefined);
    const onread = {
      buffer: Buffer.allocUnsafeSlow(READ_BYTES),
      callback: (length: number, bytes: Uint8Array): boolean => {
        events.onBytes(bytes as Buffer, length);
        return true;
      },
    };
    const socket = connect({
      host,
      port,
      noDelay: true,
      keepAlive: true,
      keepAliveInitialDelay: keepAliveMs,
      onread,
    });
    this.#socket = socket;
    let isConnected = false;
    const stopWaiting = systemClock.after(connectTimeoutMs, () => {
      const message = `${host}:${port} did not take the connection in ${connectTimeoutMs} ms`;
      socket.destroy(new TransportError('transport.connect-timeout', message));
    });
    socket.once('connect', () => {
      isConnected = true;
      stopWaiting();
      resolve(new FrameWriter(socket));
    });
    let cause: Error | undefined;
    socket.once('error', (error) => (cause = error));
    socket.once('close', () => {
      stopWaiting();
      const reason = cause instanceof TransportError ? cause : closed(`${host}:${port}`, isConnected, cause);
      reject(reason);
      events.onClose(reason);
    });
  }

  /** Says that nothing more will be sent; what is unsent still leaves, and the peer has a moment to close too. */
  end(): void {
    this.#socket.end();
    setTimeout(() => this.#socket.destroy(), CLOSING_MS).unref();
  }

  destroy(reason: Error): void {
    this.#socket.destroy(reason);
  }
}

function closed(name: string, isConnected: boolean, cause: Error | undefined): TransportError {
  const why = cause === undefined ? 'the peer closed the connection' : cause.message;
  return new TransportError(
    isConnected ? 'transport.closed' : 'transport.connect-failed',
    `${name}: ${why}`,
    { cause },
  );
}
