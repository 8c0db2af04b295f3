import { once } from 'node:events';
import { createServer, type AddressInfo, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { experiment, type Cleanup } from '../experiment.js';
import { ask, failed, Load, tally } from '../load.js';
import { OPEN, placeOf, screensOf, startShop } from '../sites.js';

const GARBAGE = [
  '-5#{}',
  '99999999999#',
  'x#{}',
  '7#{"id":',
  '9#not json!',
  '33#{"id":"of-somebody","response":1,"isDisposed":true}',
];

const NO_HTTP = [
  'SSH-2.0-OpenSSH_9.6\r\n\r\n',
  'HTTP/1.1 200 OK\r\nno colon\r\n\r\n',
  'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nxyz\r\n',
  'HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab',
  'HTTP/1.1 502 Bad Gateway\r\nContent-Length: 0\r\n\r\n',
];
/** What shows life to probes, so that requests come. */
const PROBED = 'HTTP/1.1 204 No Content\r\n\r\n';

/** A peer that answers whatever it is asked with something that is no answer. */
async function startBadPeer(cleanup: Cleanup, texts: readonly string[]): Promise<string> {
  let turn = 0;
  const open = new Set<Socket>();
  const server = createServer((socket) => {
    open.add(socket);
    socket.on('error', () => undefined).on('close', () => open.delete(socket));
    socket.on('data', (data) => {
      const isProbe = data.toString('latin1', 0, 5) === 'HEAD ';
      socket.write(isProbe ? PROBED : (texts[(turn += 1) % texts.length] ?? ''));
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const stop = () => {
    for (const socket of open) socket.destroy();
    server.close();
  };
  cleanup.add({ stop });
  return `127.0.0.1:${(server.address() as AddressInfo).port}`;
}

export const garbage = experiment(
  {
    name: 'garbage',
    promise:
      'a TCP service and an instance of an HTTP service send garbage: a part is missing, everything else is answered, nobody dies',
  },
  async (cleanup) => {
    const world = await startShop(cleanup, OPEN);
    await world.restart('mobile-bff', {
      RECOMMENDATIONS_ADDRESSES: await startBadPeer(cleanup, GARBAGE),
      REVIEWS_ADDRESSES: `${placeOf(world.process('reviews'))},${await startBadPeer(cleanup, NO_HTTP)}`,
    });
    const load = cleanup.add(new Load(screensOf(world), { lanes: 4 }));
    await sleep(4_000);
    const alive = await ask(`${world.adminUrl('mobile-bff')}/health/live`);
    const { replies } = load;
    return {
      seen: tally(replies),
      held: alive.status === 200 && replies.length > 0 && failed(replies).length === 0,
    };
  },
);
