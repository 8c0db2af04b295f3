import { once } from 'node:events';
import { createServer, type AddressInfo, type Socket } from 'node:net';

/** How a peer goes wrong once it has answered the handshake as a stock service does. */
export type Misbehaviour =
  'never answers' | 'resets mid-frame' | 'stalls mid-frame' | 'sends garbage' | 'is overloaded';

const frame = (value: unknown) => {
  const json = JSON.stringify(value);
  return `${json.length}#${json}`;
};

const deeds: Record<Misbehaviour, (socket: Socket, id: number) => void> = {
  'never answers': () => undefined,
  'resets mid-frame': (socket, id) => {
    socket.write(frame({ response: { id: 'x' }, isDisposed: true, id }).slice(0, 20), () =>
      socket.resetAndDestroy(),
    );
  },
  'stalls mid-frame': (socket, id) => {
    socket.write(frame({ response: { id: 'x' }, isDisposed: true, id }).slice(0, 20));
  },
  'sends garbage': (socket) => {
    socket.write('HTTP/1.1 400 Bad Request\r\n\r\n#{"never":"a frame"}');
  },
  'is overloaded': (socket, id) => {
    const err = { code: 'transport.overloaded', status: 503, message: 'Too much to do' };
    socket.write(frame({ err, isDisposed: true, id }));
  },
};

/** What a peer says to the request with this id, byte for byte. */
export type Says = (socket: Socket, id: number) => void;

export interface BadPeer {
  readonly address: string;
  /** Requests that reached it, handshakes not counted. */
  readonly requests: number;
  close(): Promise<void>;
}

/** A frame with this JSON. */
export const frameOf = (json: string): string => `${json.length}#${json}`;

/**
 * A TCP server that speaks Nest's wire just well enough to be taken for a service, and for one of ours where it has a
 * `hello`. Its requests must be ASCII.
 */
export async function startBadPeer(how: Misbehaviour | Says, hello?: object): Promise<BadPeer> {
  const does = typeof how === 'string' ? deeds[how] : how;
  const sockets = new Set<Socket>();
  let requests = 0;
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket)).on('error', () => undefined);
    let buffered = '';
    socket.setEncoding('latin1').on('data', (text: string) => {
      buffered += text;
      for (;;) {
        const head = buffered.indexOf('#');
        const end = head + 1 + Number(buffered.slice(0, head));
        if (head < 0 || buffered.length < end) return;
        const { id, pattern } = JSON.parse(buffered.slice(head + 1, end)) as { id?: number; pattern: string };
        buffered = buffered.slice(end);
        if (id === undefined) continue;
        if (pattern.startsWith('shop.')) {
          requests += 1;
          does(socket, id);
        } else {
          if (hello !== undefined) {
            socket.write(frame({ response: hello, isDisposed: true, id }));
            continue;
          }
          const err = 'There is no matching message handler defined in the remote service.';
          socket.write(frame({ id, status: 'error', err }));
        }
      }
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    address: `127.0.0.1:${port}`,
    get requests() {
      return requests;
    },
    close: async () => {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, 'close');
    },
  };
}
