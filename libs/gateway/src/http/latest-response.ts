import type { Server, ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';

/** On the socket itself: a WeakMap that changes with each request is dear to the garbage collector. */
const LATEST = Symbol('latest response');

type Marked = Duplex & { [LATEST]?: ServerResponse };

/** Lets `latestResponse` know of every request. */
export function noteResponses(server: Server): void {
  server.on('request', ({ socket }, response) => {
    (socket as Marked)[LATEST] = response;
  });
}

/** The response to the last request whose headers were complete, whether it has been sent or not. */
export function latestResponse(socket: Duplex): ServerResponse | undefined {
  return (socket as Marked)[LATEST];
}
