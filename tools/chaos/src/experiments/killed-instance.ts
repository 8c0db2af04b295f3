import { setTimeout as sleep } from 'node:timers/promises';
import { experiment } from '../experiment.js';
import { failed, Load, tally } from '../load.js';
import { OPEN, placeOf, screensOf, startInstance, startShop } from '../sites.js';

export const killedInstance = experiment(
  {
    name: 'killed-instance',
    promise: 'one of two instances of a TCP and of an HTTP service dies with -9: no query is lost',
  },
  async (cleanup) => {
    const world = await startShop(cleanup, OPEN);
    const catalog = await startInstance(cleanup, world, 'catalog');
    const reviews = await startInstance(cleanup, world, 'reviews');
    await world.restart('mobile-bff', {
      CATALOG_ADDRESSES: [world.process('catalog'), catalog].map(placeOf).join(','),
      REVIEWS_ADDRESSES: [world.process('reviews'), reviews].map(placeOf).join(','),
    });
    const load = cleanup.add(new Load(screensOf(world), { lanes: 8 }));
    await sleep(2_000);
    const mark = load.replies.length;
    catalog.kill('SIGKILL');
    reviews.kill('SIGKILL');
    await sleep(5_000);
    const replies = load.since(mark);
    return { seen: tally(replies), held: replies.length > 0 && failed(replies).length === 0 };
  },
);
