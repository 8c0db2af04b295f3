import { once } from 'node:events';
import { createServer, type AddressInfo, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { experiment, type Cleanup } from '../experiment.js';
import { ask, failed, Load, tally } from '../load.js';
import { homeOf, OPEN, startShop } from '../sites.js';

const GARBAGE = [
  '-5#{}',
  '99999999999#',
  'x#{}',
  '7#{"id":',
  '9#not json!',
  '33#{"id":"of-somebody","response":1,"isDisposed":true}',
];

/** A peer that answers whatever it is asked with something that is no frame. */
async function startBadPeer(cleanup: Cleanup): Promise<string> {
  let turn = 0;
  const open = new Set<Socket>();
  const server = createServer((socket) => {
    open.add(socket);
    socket.on('error', () => undefined).on('close', () => open.delete(socket));
    socket.on('data', () => socket.write(GARBAGE[(turn += 1) % GARBAGE.length] ?? ''));
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
    promise: 'a service sends garbage: its part is missing, everything else is answered, nobody dies',
  },
  async (cleanup) => {
    const world = await startShop(cleanup, OPEN);
    const peer = await startBadPeer(cleanup);
    await world.restart('mobile-bff', { RECOMMENDATIONS_ADDRESSES: peer });
    const load = cleanup.add(new Load([homeOf(world)], { lanes: 4 }));
    await sleep(4_000);
    const alive = await ask(`${world.adminUrl('mobile-bff')}/health/live`);
    const { replies } = load;
    return {
      seen: tally(replies),
      held: alive.status === 200 && replies.length > 0 && failed(replies).length === 0,
    };
  },
);
