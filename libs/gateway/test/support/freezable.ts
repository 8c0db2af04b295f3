import { connect, createServer, type AddressInfo, type Socket } from 'node:net';

/** A way to a Redis that can be held up: what is sent then arrives later, and nobody is told. Counts one command. */
export async function freezable(url: string, command: string) {
  let asked = 0;
  const sockets = new Set<Socket>();
  const server = createServer((client) => {
    const upstream = connect(Number(new URL(url).port), '127.0.0.1');
    for (const socket of [client, upstream]) sockets.add(socket.on('error', () => undefined));
    client.on('data', (data) => {
      asked += data.toString('latin1').split(command).length - 1;
      upstream.write(data);
    });
    upstream.on('data', (data) => client.write(data));
    client.on('close', () => upstream.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  // What Redis answers is held up: it is what it answers that a client waits for.
  const answers = () => [...sockets].filter((_, index) => index % 2 === 1);
  return {
    url: `redis://127.0.0.1:${(server.address() as AddressInfo).port}`,
    /** How often the command has been sent through it. */
    asked: () => asked,
    freeze: () => answers().forEach((socket) => socket.pause()),
    thaw: () => answers().forEach((socket) => socket.resume()),
    close: () => {
      server.close();
      for (const socket of sockets) socket.destroy();
    },
  };
}
