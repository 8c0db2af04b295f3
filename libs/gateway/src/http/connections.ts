import type { Server, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import type { RequestLimits } from './limits.js';
import type { FastifyInstance } from 'fastify';
import { latestResponse } from './latest-response.js';

/** Bounds the connections in all and of one address, by what the socket says and never by a header. */
export function boundConnections(
  { server }: FastifyInstance,
  { connections, connectionsPerAddress }: RequestLimits,
  isTrusted: (address: string) => boolean,
): void {
  server.maxConnections = connections;
  const counts = new Map<string, number>();
  server.on('connection', (socket) => {
    const address = socket.remoteAddress ?? '';
    if (isTrusted(address)) return;
    const count = (counts.get(address) ?? 0) + 1;
    if (count > connectionsPerAddress) {
      socket.destroy();
      return;
    }
    counts.set(address, count);
    socket.once('close', () => {
      const left = (counts.get(address) ?? 1) - 1;
      if (left === 0) counts.delete(address);
      else counts.set(address, left);
    });
  });
}

/**
 * Ends connections that have had their answer for `afterMs` and not begun another request. Node's own timer starts anew
 * with every byte, empty lines between two requests included.
 */
export function endIdleConnections(
  server: Server,
  { afterMs, everyMs }: { afterMs: number; everyMs: number },
): void {
  const idle = new Map<Socket, { answered: ServerResponse | undefined; since: number }>();
  server.on('connection', (socket) => {
    idle.set(socket, { answered: undefined, since: 0 });
    socket.once('close', () => idle.delete(socket));
  });
  const sweep = () => {
    const now = performance.now();
    for (const [socket, { answered, since }] of idle) {
      const latest = latestResponse(socket);
      if (latest?.writableFinished !== true) continue;
      if (latest !== answered) idle.set(socket, { answered: latest, since: now });
      else if (now - since >= afterMs) socket.destroy();
    }
  };
  const timer = setInterval(sweep, everyMs).unref();
  server.once('close', () => clearInterval(timer));
}
