import { setTimeout as sleep } from 'node:timers/promises';
import { experiment, type Cleanup } from '../experiment.js';
import { failed, Load, quantile, tally, type Reply } from '../load.js';
import { OPEN, screensOf, startShop } from '../sites.js';

const SECONDS = 5;
const GOODPUT = 0.9;

export const overload = experiment(
  {
    name: 'overload',
    promise: 'three times as much as a gateway takes: nine tenths of the peak are still answered well',
  },
  async (cleanup) => {
    const world = await startShop(cleanup, OPEN);
    const urls = screensOf(world);
    await during(cleanup, urls, 8);
    const peak = await during(cleanup, urls, 16);
    const over = await during(cleanup, urls, 48);
    const share = good(over) / good(peak);
    return {
      seen: `${good(peak) / SECONDS}/s, then ${good(over) / SECONDS}/s (${Math.round(share * 100)} %), p99 ${Math.round(quantile(over, 0.99))} ms; ${tally(over)}`,
      held: share >= GOODPUT,
    };
  },
);

async function during(cleanup: Cleanup, urls: readonly string[], lanes: number): Promise<readonly Reply[]> {
  const load = cleanup.add(new Load(urls, { lanes }));
  await sleep(SECONDS * 1_000);
  const replies = [...load.replies];
  await load.stop();
  return replies;
}

const good = (replies: readonly Reply[]): number => replies.length - failed(replies).length;
