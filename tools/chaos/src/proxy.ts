import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';

/** A way to a server that can be cut, slowed and mended. */
export interface Proxy {
  readonly port: number;
  cut(): void;
  /** Lets what the server sends arrive so many milliseconds later. */
  slow(ms: number): void;
  mend(): void;
  stop(): void;
}

export async function startProxy(to: { readonly host: string; readonly port: number }): Promise<Proxy> {
  const open = new Set<Socket>();
  let isCut = false;
  let delayMs = 0;
  const server = createServer((near) => {
    if (isCut) {
      near.destroy();
      return;
    }
    const far = connect(to);
    for (const [socket, other] of [
      [near, far],
      [far, near],
    ] as const) {
      open.add(socket);
      socket
        .on('error', () => undefined)
        .on('close', () => {
          open.delete(socket);
          other.destroy();
        });
    }
    near.pipe(far);
    passOn(far, near, () => delayMs);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const drop = () => {
    for (const socket of open) socket.destroy();
  };
  return {
    port: (server.address() as AddressInfo).port,
    cut() {
      isCut = true;
      drop();
    },
    slow(ms) {
      delayMs = ms;
    },
    mend() {
      isCut = false;
      delayMs = 0;
    },
    stop() {
      drop();
      server.close();
    },
  };
}

/** Writes what arrives, as late as `delayMs` says at that moment, and in its order. */
function passOn(from: Socket, to: Socket, delayMs: () => number): void {
  let last = 0;
  from.on('data', (data) => {
    const now = performance.now();
    last = Math.max(last, now + delayMs());
    if (last - now < 1) to.write(data);
    else setTimeout(() => to.write(data), last - now);
  });
}
