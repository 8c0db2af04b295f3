import type { RequestLimits } from '@facet/policy';
import type { FastifyInstance } from 'fastify';

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
