import { SharedRedis } from '@facet/platform/redis';
import { Fault } from '@facet/platform';
import { eventually, hasRedis, startRedis, type TestRedis } from '@facet/testing';
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { Meter, RedisCounters, slidingWindow, type PlanWindow } from '../src/plans/index.js';

if (!hasRedis) process.stderr.write('Skipped: counting together. There is no redis-server.\n');

const minute: PlanWindow = slidingWindow('sustained', { requests: 1_000, seconds: 3_600 });

(hasRedis ? describe : describe.skip)('instances that share a Redis', () => {
  let redis: TestRedis;
  const open: { close: () => unknown }[] = [];

  beforeAll(async () => {
    redis = await startRedis();
  });
  afterEach(async () => {
    for (const each of open.splice(0).reverse()) await each.close();
  });
  afterAll(() => redis.stop());

  function instance(onShared?: (works: boolean) => void): Meter {
    const connection = new SharedRedis(
      { url: redis.url, timeoutMs: 2_000 },
      (cause) => new Fault('spec.away', 503, 'away', { cause }),
    );
    open.push(connection);
    const shared = new RedisCounters(connection, 'spec:');
    const meter = new Meter({ shared, ...(onShared === undefined ? {} : { onShared }) });
    open.push(meter);
    return meter;
  }

  test('admit N between them, and few requests wait for an answer of Redis', async () => {
    const instances = [instance(), instance(), instance()];
    const who = randomUUID();
    const readings = await Promise.all(
      Array.from({ length: 1_500 }, async (_, index) => instances[index % 3]?.take(who, minute)),
    );
    const admitted = readings.filter((reading) => reading?.admitted).length;
    expect(admitted).toBeGreaterThanOrEqual(990);
    expect(admitted).toBeLessThanOrEqual(1_000);
    const asked = instances.reduce((sum, { asked: each }) => sum + each, 0);
    expect(asked).toBeLessThan(250);
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
    const meter = instance();
    const ten = slidingWindow('burst', { requests: 10, seconds: 3_600 });
    const who = randomUUID();
    expect(await meter.take(who, ten, 7)).toMatchObject({ admitted: true });
    expect(await meter.take(who, ten, 7)).toMatchObject({ admitted: false });
    expect(await meter.take(who, ten, 3)).toMatchObject({ admitted: true, left: 0 });
  });

  test('count for themselves while Redis is away, and together again once it is back', async () => {
    const told: boolean[] = [];
    const meter = instance((works) => void told.push(works));
    const who = randomUUID();
    await eventually(async () => (await meter.take(who, minute)).admitted);
    await redis.stop();
    await eventually(async () => {
      await meter.take(randomUUID(), minute);
      return told.at(-1) === false;
    });
    expect(await meter.take(who, minute)).toMatchObject({ admitted: true });
    await redis.restart();
    await eventually(async () => {
      await meter.take(randomUUID(), minute);
      return told.at(-1) === true;
    });
  });
});
