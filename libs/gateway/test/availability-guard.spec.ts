import { SharedRedis } from '@facet/platform/redis';
import { Fault } from '@facet/platform';
import { eventually, hasRedis, startRedis } from '@facet/testing';
import { expect, test } from '@jest/globals';
import { AvailabilityGuard } from '../src/shared/availability-guard.js';

const withRedis = hasRedis ? test : test.skip;

withRedis(
  `a Redis that answers during a pause of this process is not away${hasRedis ? '' : ' (skipped: no redis-server)'}`,
  async () => {
    const redis = await startRedis();
    const shared = new SharedRedis({ url: redis.url, timeoutMs: 50 }, (cause) => {
      return new Fault('spec.away', 503, 'No Redis', { cause });
    });
    const guard = new AvailabilityGuard(shared);
    try {
      await eventually(() => shared.ask((each) => each.ping()).catch(() => undefined));
      const asked = guard.ask((each) => each.ping());
      await new Promise(setImmediate); // it has left
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 200);
      expect(await asked).toBe('PONG');
      expect(guard.isAway).toBe(false);
    } finally {
      guard.close();
      shared.close();
      await redis.stop();
    }
  },
);
