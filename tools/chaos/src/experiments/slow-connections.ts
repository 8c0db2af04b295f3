import { connect, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { experiment } from '../experiment.js';
import { failed, Load, quantile, tally } from '../load.js';
import { homeOf, OPEN, startShop } from '../sites.js';

const CONNECTIONS = 2_000;

export const slowConnections = experiment(
  {
    name: 'slow-connections',
    promise: `${CONNECTIONS} connections that send a byte a second: everybody else is served, and they are closed`,
  },
  async (cleanup) => {
    const world = await startShop(cleanup, OPEN);
    const { hostname, port } = new URL(world.url('mobile-bff'));
    const open = new Set<Socket>();
    for (let index = 0; index < CONNECTIONS; index += 1) {
      const socket = connect(Number(port), hostname);
      open.add(socket);
      socket.on('error', () => undefined).on('close', () => open.delete(socket));
      socket.write('GET /v1/home HTTP/1.1\r\n');
      if (index % 100 === 99) await sleep(10);
    }
    const drip = setInterval(() => {
      for (const socket of open) if (socket.writable) socket.write('x');
    }, 1_000);
    cleanup.add({
      stop() {
        clearInterval(drip);
        for (const socket of open) socket.destroy();
      },
    });
    const load = cleanup.add(new Load([homeOf(world)], { lanes: 4, pauseMs: 10 }));
    await sleep(9_000);
    const { replies } = load;
    return {
      seen: `${tally(replies)}; p99 ${Math.round(quantile(replies, 0.99))} ms; ${open.size} left of ${CONNECTIONS}`,
      held: replies.length > 0 && failed(replies).length === 0 && open.size === 0,
    };
  },
);
