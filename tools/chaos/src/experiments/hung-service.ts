import { setTimeout as sleep } from 'node:timers/promises';
import { experiment } from '../experiment.js';
import { failed, Load, quantile, tally } from '../load.js';
import { homeOf, OPEN, startShop } from '../sites.js';

/** The deadline of the mobile home screen, and as much again for a starved machine. */
const BOUND_MS = 3_000;

export const hungService = experiment(
  {
    name: 'hung-service',
    promise: 'an optional service hangs (SIGSTOP): every answer comes, without it, within the deadline',
  },
  async (cleanup) => {
    const world = await startShop(cleanup, OPEN);
    const load = cleanup.add(new Load([homeOf(world)], { lanes: 4 }));
    await sleep(2_000);
    const mark = load.replies.length;
    const hung = world.process('recommendations');
    hung.kill('SIGSTOP');
    await sleep(5_000);
    hung.kill('SIGCONT');
    const replies = load.since(mark);
    const slowest = quantile(replies, 1);
    return {
      seen: `${tally(replies)}; slowest ${Math.round(slowest)} ms`,
      held: replies.length > 0 && failed(replies).length === 0 && slowest < BOUND_MS,
    };
  },
);
