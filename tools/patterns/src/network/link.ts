import type { Socket } from 'node:net';

/** How a client reaches the front of the servers. */
export interface Link {
  /** A new TCP connection to a port of the front. */
  connect(port: number): Socket;
  stop(): void;
}
