import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';

import { JsonSocket, ServerTCP, ClientTCP, type MessageHandler } from '@nestjs/microservices';

import { WireServer, type RequestHandler, type WireServerOptions } from '../../src/index.js';

import { DRAIN_NOTICE, encodeValue } from '../../src/wire.js';

import { HOST } from './ends.js';

export interface Running {
  readonly port: number;
  close(): Promise<void>;
}

/** A server that is nothing but sockets; `onSocket` makes it what a test needs. */
export async function rawServer(onSocket: (socket: Socket) => void): Promise<Running> {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined).once('close', () => sockets.delete(socket));
    onSocket(socket);
  });
  server.listen(0, HOST);
  await once(server, 'listening');
  return {
    port: (server.address() as AddressInfo).port,
    close: async () => {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, 'close');
    },
  };
}

export async function rawClient(port: number): Promise<Socket> {
  const socket = connect({ host: HOST, port, noDelay: true });
  socket.on('error', () => undefined);
  await once(socket, 'connect');
  return socket;
}

/** Answers as a stock server does that has no handler for anything, and tells every packet to `onPacket`. */
export function answerAsStock(
  socket: Socket,
  onPacket: (packet: { id?: unknown }) => boolean = () => true,
): void {
  const framed = new JsonSocket(socket);
  framed.on('message', ((packet: { id?: unknown }) => {
    if (!onPacket(packet)) return;
    const err = 'There is no matching message handler defined in the remote service.';
    framed.sendMessage({ id: packet.id, status: 'error', err });
  }) as never);
}

/**
 * Answers the first handshake as a server of ours that is about to stop, its notice to drain in the same write; every
 * later one as a server of ours that stays.
 */
export function drainingAtOnce(): Promise<Running> {
  let connections = 0;
  return rawServer((socket) => {
    const isLeaving = ++connections === 1;
    socket.once('data', () => {
      const hello = encodeValue({ facet: 1, can: ['drain'] }, true, 1);
      const packets = isLeaving ? [hello, DRAIN_NOTICE] : [hello];
      socket.write(packets.map((json) => `${json.length}#${json}`).join(''));
    });
  });
}

/** A stock server with handlers of its own, without the rest of Nest. */
export async function stockServer(handlers: Record<string, MessageHandler>): Promise<Running> {
  const server = new ServerTCP({ host: HOST, port: 0 });
  Object.assign(server, { logger: { error: () => undefined } });
  for (const [pattern, handler] of Object.entries(handlers)) server.addHandler(pattern, handler);
  await new Promise<void>((resolve) => server.listen(() => resolve()));
  const port = server.unwrap<{ address(): AddressInfo }>().address().port;
  return { port, close: () => Promise.resolve(server.close()) };
}

export async function ourServer(handler: RequestHandler, options: WireServerOptions = {}): Promise<Running> {
  const server = new WireServer(options).onRequest(handler);
  const { port } = await server.listen();
  return { port, close: () => server.close({ timeoutMs: 1 }) };
}

export async function stockClient(port: number): Promise<ClientTCP> {
  const client = new ClientTCP({ host: HOST, port });
  Object.assign(client, { logger: { error: () => undefined } });
  await client.connect();
  return client;
}

/** How many requests of a stock client wait for an answer. */
export function waitingOf(client: ClientTCP): number {
  return (client as unknown as { routingMap: Map<string, unknown> }).routingMap.size;
}

/** Resolves when the condition holds; looks at every turn of the event loop. Fails after 10 s. */
export async function until(condition: () => boolean): Promise<void> {
  const end = performance.now() + 10_000;
  while (!condition()) {
    if (performance.now() > end) throw new Error(`Waited in vain for ${condition.toString()}`);
    await new Promise((resolve) => setTimeout(resolve, 1));
  }
}

/** Resolves with whether `progress()` stayed the same for `quietMs` before `isDone()` held. */
export async function freezes(
  progress: () => number,
  isDone: () => boolean,
  quietMs: number,
): Promise<boolean> {
  let last = progress();
  let since = performance.now();
  while (!isDone()) {
    await new Promise((resolve) => setTimeout(resolve, 5));
    if (progress() !== last) [last, since] = [progress(), performance.now()];
    else if (performance.now() - since > quietMs) return true;
  }
  return false;
}
