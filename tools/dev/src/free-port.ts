import { lookup } from 'node:dns/promises';
import { createServer } from 'node:net';

/** Where every process of the workspace listens in development. */
export const HOST = '127.0.0.1';

/** Whether nobody listens there. An address that this machine does not have is nobody's. */
export function isFree(port: number, host = HOST): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', ({ code }: NodeJS.ErrnoException) =>
      resolve(code !== 'EADDRINUSE' && code !== 'EACCES'),
    );
    server.listen({ port, host, ipv6Only: true }, () => server.close(() => resolve(true)));
  });
}

/** Every address that the name `localhost` means on this machine: `127.0.0.1` and, on most, `::1`. */
export async function localhostAddresses(): Promise<readonly string[]> {
  const found = await lookup('localhost', { all: true }).catch(() => []);
  return [...new Set([HOST, ...found.map(({ address }) => address)])];
}
