import { setTimeout as sleep } from 'node:timers/promises';
import { experiment } from '../experiment.js';
import { failed, Load, quantile, tally } from '../load.js';
import { OPEN, placeOf, screensOf, startInstance, startShop } from '../sites.js';

/** The deadline of the mobile home screen, and as much again for a starved machine. */
const BOUND_MS = 3_000;

export const hungService = experiment(
  {
    name: 'hung-service',
    promise:
      'an optional service and one of two instances of an HTTP service hang (SIGSTOP): every answer comes within the deadline',
  },
  async (cleanup) => {
    const world = await startShop(cleanup, OPEN);
    const second = await startInstance(cleanup, world, 'reviews');
    await world.restart('mobile-bff', {
      REVIEWS_ADDRESSES: [world.process('reviews'), second].map(placeOf).join(','),
    });
    const load = cleanup.add(new Load(screensOf(world), { lanes: 4 }));
    await sleep(2_000);
    const mark = load.replies.length;
    const hung = [world.process('recommendations'), second];
    for (const each of hung) each.kill('SIGSTOP');
    await sleep(5_000);
    for (const each of hung) each.kill('SIGCONT');
    const replies = load.since(mark);
    const slowest = quantile(replies, 1);
    return {
      seen: `${tally(replies)}; slowest ${Math.round(slowest)} ms`,
      held: replies.length > 0 && failed(replies).length === 0 && slowest < BOUND_MS,
    };
  },
);
