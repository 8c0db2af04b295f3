import { openRegistry, register } from '@facet/platform/registry';
import { eventually, hasRedis, startRedis, type TestRedis } from '@facet/testing';
import { afterAll, afterEach, beforeAll, describe, expect, jest, test } from '@jest/globals';
import { createUpstreams, redisRegistry, type Upstreams } from '../src/index.js';
import { failed, startLoad } from './support/load.js';
import { endAll, startService, type ServiceProcess } from './support/processes.js';

jest.setTimeout(30_000);

(hasRedis ? describe : describe.skip)(
  `the registry in Redis${hasRedis ? '' : ' (skipped: no redis-server)'}`,
  () => {
    let redis: TestRedis;
    let upstreams: Upstreams | undefined;
    beforeAll(async () => {
      redis = await startRedis();
    });
    afterEach(async () => {
      await endAll();
      await upstreams?.close();
      upstreams = undefined;
    });
    afterAll(() => redis.stop());

    const shopFromRegistry = () => {
      upstreams = createUpstreams({
        shop: {
          discovery: redisRegistry({ url: redis.url, service: 'shop', refreshMs: 100, settleMs: 3_000 }),
        },
      });
      return upstreams;
    };
    const addresses = () =>
      upstreams
        ?.snapshot()[0]
        ?.instances.map((each) => each.address)
        .sort();
    const startRegistered = (count: number): Promise<ServiceProcess[]> =>
      Promise.all(Array.from({ length: count }, () => startService({ REGISTRY: redis.url })));

    test('knows instances from their first beat until they leave or their time lapses', async () => {
      const registry = openRegistry({ url: redis.url, prefix: 'spec' });
      const list = async () => (await registry.list('a').catch(() => undefined))?.sort();
      const options = { url: redis.url, prefix: 'spec', service: 'a', beatMs: 50, ttlMs: 300 };
      const [first, second] = [
        register({ ...options, address: 'h:1' }),
        register({ ...options, address: 'h:2' }),
      ];
      await eventually(async () => (await list())?.length === 2);
      await first.leave();
      expect(await list()).toEqual(['h:2']);
      await registry.beat('a', 'h:3', 100);
      expect(await list()).toEqual(['h:2', 'h:3']);
      await eventually(async () => (await list())?.length === 1);
      expect(await list()).toEqual(['h:2']);
      await second.leave();
      registry.close();
    });

    test('refuses beats that do not outlast each other', () => {
      const options = { url: redis.url, service: 'a', address: 'h:1', beatMs: 1_000, ttlMs: 1_000 };
      expect(() => register(options)).toThrow(/ttlMs \(1000\) must be longer than beatMs \(1000\)/);
    });

    test('leads calls to services as they start, and away from those that stop or die', async () => {
      const [first, second] = await startRegistered(2);
      const watched = shopFromRegistry();
      await eventually(() => watched.health('shop') === 'up' && addresses()?.length === 2);
      first?.signal('SIGTERM');
      await eventually(() => addresses()?.join() === second?.address);
      const [third] = await startRegistered(1);
      await eventually(() => addresses()?.includes(third?.address ?? ''));
      third?.signal('SIGKILL');
      await eventually(() => addresses()?.join() === second?.address);
    });

    test('may disappear under load and come back empty: no call fails, nobody is forgotten', async () => {
      const services = await startRegistered(2);
      const watched = shopFromRegistry();
      const failures: string[] = [];
      const removed: string[] = [];
      const started = services.map((each) => each.address).sort();
      await eventually(() => addresses()?.join() === started.join() && watched.health('shop') === 'up');
      watched.events.on('discovery-failed', ({ message }) => failures.push(message));
      watched.events.on('instance-removed', ({ instance }) => removed.push(instance));
      const load = startLoad(watched, { queries: 100, commands: 20 });
      await redis.stop();
      await eventually(() => failures.length > 3);
      await redis.restart();
      const [late] = await startRegistered(1);
      await eventually(() => addresses()?.includes(late?.address ?? ''));
      const results = await load.stop();
      expect([...failed(results, 'query'), ...failed(results, 'command')]).toEqual([]);
      expect(removed).toEqual([]);
      expect(addresses()).toEqual([...started, late?.address].sort());
    });
  },
);
