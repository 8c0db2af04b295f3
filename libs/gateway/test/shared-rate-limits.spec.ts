import { SharedRedis } from '@facet/platform/redis';
import { Fault } from '@facet/platform';
import { eventually, hasRedis, startRedis, type TestRedis } from '@facet/testing';
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { randomUUID } from 'node:crypto';
import { freezable } from './support/freezable.js';
import { RateLimiter } from '../src/rate-limit/rate-limiter.js';
import { RedisCounters } from '../src/rate-limit/redis-counters.js';
import { slidingWindow, type PlanWindow } from '../src/rate-limit/plan.js';

const minute: PlanWindow = slidingWindow('sustained', { requests: 1_000, seconds: 3_600 });

interface Told {
  readonly onReach?: (isThere: boolean) => void;
  readonly onWait?: () => void;
  readonly url?: string;
  readonly timeoutMs?: number;
}

(hasRedis ? describe : describe.skip)(
  `instances that share a Redis${hasRedis ? '' : ' (skipped: no redis-server)'}`,
  () => {
    let redis: TestRedis;
    const open: { close: () => unknown }[] = [];

    beforeAll(async () => {
      redis = await startRedis();
    });
    afterEach(async () => {
      for (const each of open.splice(0).reverse()) await each.close();
    });
    afterAll(() => redis.stop());

    function instance({ onReach, onWait = () => undefined, url = redis.url, timeoutMs = 5_000 }: Told = {}) {
      const connection = new SharedRedis(
        { url, timeoutMs },
        (cause) => new Fault('spec.away', 503, 'away', { cause }),
      );
      open.push(connection);
      const limiter = new RateLimiter({ shared: new RedisCounters(connection, 'spec:', onReach), onWait });
      open.push(limiter);
      return limiter;
    }

    test('seldom let a request wait for Redis', async () => {
      let waits = 0;
      const limiter = instance({ onWait: () => (waits += 1) });
      const who = randomUUID();
      for (let index = 0; index < 500; index += 1) await limiter.take(who, minute);
      expect(waits).toBeLessThan(100);
    });

    test('R2 admit N between them', async () => {
      const instances = [instance(), instance(), instance()];
      const who = randomUUID();
      const readings = await Promise.all(
        Array.from({ length: 1_500 }, async (_, index) => instances[index % 3]?.take(who, minute)),
      );
      const admitted = readings.filter((reading) => reading?.admitted).length;
      expect(admitted).toBeGreaterThanOrEqual(990);
      expect(admitted).toBeLessThanOrEqual(1_000);
    });

    test('charge none beyond N, whatever it costs and in whatever order callers come', async () => {
      const visits = fc.array(fc.tuple(fc.nat(2), fc.integer({ min: 1, max: 9 })), {
        minLength: 50,
        maxLength: 150,
      });
      await fc.assert(
        fc.asyncProperty(visits, fc.integer({ min: 20, max: 400 }), async (all, quota) => {
          const instances = [instance(), instance(), instance()];
          const window = slidingWindow('burst', { requests: quota, seconds: 86_400 });
          const who = randomUUID();
          const charged = await Promise.all(
            all.map(async ([at, cost]) =>
              (await instances[at]?.take(who, window, cost))?.admitted ? cost : 0,
            ),
          );
          const sum = charged.reduce((a, b) => a + b, 0);
          expect(sum).toBeLessThanOrEqual(quota);
          for (const each of instances) await each.close();
          expect(await instance().used(who, window)).toMatchObject({ used: sum });
        }),
        { numRuns: 20 },
      );
    });

    test('wait once for a Redis that hangs, and not again until it answers', async () => {
      const way = await freezable(redis.url, 'eval');
      open.push(way);
      const limiter = instance({ url: way.url, timeoutMs: 200 });
      await limiter.take(randomUUID(), minute);
      way.freeze();
      const before = way.asked();
      for (let index = 0; index < 30; index += 1) {
        expect(await limiter.take(randomUUID(), minute)).toMatchObject({ admitted: true });
      }
      expect(way.asked() - before).toBe(1);
      way.thaw();
      await eventually(async () => {
        await limiter.take(randomUUID(), minute);
        return way.asked() - before > 1;
      });
    });

    test('count what has been used, and nothing that an instance only has in hand', async () => {
      const [one, two] = [instance(), instance()];
      const month: PlanWindow = { name: 'month', quota: 10_000, calendar: 'month' };
      const who = randomUUID();
      for (let index = 0; index < 7; index += 1) await one.take(who, month);
      expect(await one.used(who, month)).toMatchObject({ used: 7 });
      await eventually(async () => (await two.used(who, month)).used === 7);
    });

    test('charge a request as often as it costs, all of it or nothing', async () => {
      const limiter = instance();
      const ten = slidingWindow('burst', { requests: 10, seconds: 3_600 });
      const who = randomUUID();
      expect(await limiter.take(who, ten, 7)).toMatchObject({ admitted: true });
      expect(await limiter.take(who, ten, 7)).toMatchObject({ admitted: false });
      expect(await limiter.take(who, ten, 3)).toMatchObject({ admitted: true, left: 0 });
    });

    test('go on alone while Redis is away from where they were, and tell it of that when it is back', async () => {
      const told: boolean[] = [];
      const limiter = instance({ onReach: (isThere) => void told.push(isThere) });
      const day: PlanWindow = { name: 'day', quota: 10, calendar: 'day' };
      const who = randomUUID();
      for (let index = 0; index < 4; index += 1) await limiter.take(who, day);
      await redis.stop();
      try {
        await limiter.take(randomUUID(), day);
        expect(told).toEqual([false]);
        // At once: nothing is asked while it is away.
        for (let left = 5; left >= 3; left -= 1)
          expect(limiter.take(who, day)).toMatchObject({ admitted: true, left });
        expect(await limiter.used(who, day)).toMatchObject({ used: 7 });
      } finally {
        await redis.restart();
      }
      await eventually(() => told.at(-1) === true);
      // It comes back empty, and learns of the three that it was not there for.
      expect(await limiter.used(who, day)).toMatchObject({ used: 3 });
      expect(await instance().used(who, day)).toMatchObject({ used: 3 });
    });
  },
);
