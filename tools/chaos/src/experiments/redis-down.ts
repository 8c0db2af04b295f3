import { setTimeout as sleep } from 'node:timers/promises';
import { hasRedis, startRedis } from '@facet/testing';
import { experiment } from '../experiment.js';
import { failed, Load, quantile, tally } from '../load.js';
import { OPEN, screensOf, startShop } from '../sites.js';

export const redisDown = experiment(
  {
    name: 'redis-down',
    promise: 'Redis is gone and comes back: limits go on in each instance, every answer comes',
    ...(hasRedis ? {} : { skipped: 'there is no redis-server' }),
  },
  async (cleanup) => {
    const redis = cleanup.add(await startRedis());
    const world = await startShop(cleanup, { ...OPEN, ANSWER_CACHE: 'true', REDIS_URL: redis.url });
    const load = cleanup.add(new Load(screensOf(world), { lanes: 4, pauseMs: 5 }));
    await sleep(2_000);
    const mark = load.replies.length;
    await redis.stop();
    await sleep(4_000);
    const without = load.since(mark);
    await redis.restart();
    await sleep(3_000);
    const replies = load.since(mark);
    return {
      seen: `${tally(replies)}; p99 without it ${Math.round(quantile(without, 0.99))} ms`,
      held: without.length > 0 && failed(replies).length === 0,
    };
  },
);
