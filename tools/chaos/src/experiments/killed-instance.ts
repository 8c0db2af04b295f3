import { setTimeout as sleep } from 'node:timers/promises';
import { experiment } from '../experiment.js';
import { failed, Load, tally } from '../load.js';
import { homeOf, OPEN, placeOf, startInstance, startShop } from '../sites.js';

export const killedInstance = experiment(
  { name: 'killed-instance', promise: 'one of two instances dies with -9: no query is lost' },
  async (cleanup) => {
    const world = await startShop(cleanup, OPEN);
    const second = await startInstance(cleanup, world, 'catalog');
    const places = [world.process('catalog'), second].map(placeOf).join(',');
    await world.restart('mobile-bff', { CATALOG_ADDRESSES: places });
    const load = cleanup.add(new Load([homeOf(world)], { lanes: 8 }));
    await sleep(2_000);
    const mark = load.replies.length;
    second.kill('SIGKILL');
    await sleep(5_000);
    const replies = load.since(mark);
    return { seen: tally(replies), held: replies.length > 0 && failed(replies).length === 0 };
  },
);
