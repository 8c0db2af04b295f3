import { once } from 'node:events';
import { connect as connectTo, createServer, type AddressInfo, type Socket } from 'node:net';
import { Fault } from '@facet/platform';
import { SharedRedis } from '@facet/platform/redis';
import { openRegistry, register } from '@facet/platform/registry';
import {
  eventually,
  hasRedis,
  hasRedisPair,
  startRedis,
  startRedisPair,
  startRedisSentinels,
  type RedisPair,
} from '@facet/testing';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { AvailabilityGuard } from '../src/shared/availability-guard.js';

if (!hasRedisPair)
  process.stderr.write(
    'Skipped: failover of Redis. It needs redis-server, and Linux for a second loopback address.\n',
  );

const opened: { close(): unknown }[] = [];
afterEach(() => {
  for (const each of opened.splice(0)) each.close();
});

function connect(url: string, timeoutMs = 500) {
  const shared = new SharedRedis(
    { url, timeoutMs },
    (cause) => new Fault('spec.away', 503, 'Away', { cause }),
  );
  opened.push(shared);
  return shared;
}

const writes = (shared: SharedRedis, value: string) => shared.ask((redis) => redis.set('key', value));

(hasRedisPair ? describe : describe.skip)('where Redis fails over and its name moves', () => {
  let pair: RedisPair;
  beforeEach(async () => {
    pair = await startRedisPair();
  });
  afterEach(() => pair.stop());

  test.each(['as a replica', 'silent'] as const)(
    'writes reach the new primary, the old one %s',
    async (then) => {
      const shared = connect(pair.url);
      await writes(shared, 'before');
      await pair.failOver(then);
      await eventually(() => writes(shared, 'after').catch(() => undefined));
      expect(await pair.next.get('key')).toBe('after');
    },
  );

  test('is told of once, and again with the next outage', async () => {
    const told: string[] = [];
    const onError = ({ message }: Error) => told.push(message);
    const shared = new SharedRedis({ url: pair.url, timeoutMs: 500, onError }, (cause) => {
      return new Fault('spec.away', 503, 'Away', { cause });
    });
    opened.push(shared);
    await writes(shared, 'before');
    for (const outage of [1, 2]) {
      await pair.old.replicaof('127.0.0.2', Number(new URL(pair.url).port));
      for (let count = 0; count < 10; count += 1)
        await expect(writes(shared, 'lost')).rejects.toMatchObject({ code: 'spec.away' });
      expect(told).toHaveLength(outage);
      await pair.old.replicaof('NO', 'ONE');
      await eventually(() => writes(shared, 'kept').catch(() => undefined));
    }
  });

  test('a replica is not read from either: what it knows may be outdated', async () => {
    const shared = connect(pair.url);
    await writes(shared, 'before');
    await pair.failOver('as a replica');
    await pair.old.call('REPLICAOF', 'NO', 'ONE');
    await pair.old.set('key', 'only here');
    await pair.old.call('REPLICAOF', '127.0.0.2', '1');
    await pair.next.set('key', 'after');
    const read = () => shared.ask((redis) => redis.get('key')).catch(() => undefined);
    await eventually(async () => (await read()) === 'after');
    for (let count = 0; count < 20; count += 1) expect(await read()).toBe('after');
  });

  test('a client that connects while the name still leads to a replica waits for the primary, with a fault each time', async () => {
    const faults: string[] = [];
    await pair.failOver('as a replica');
    await pair.old.replicaof('NO', 'ONE');
    await pair.next.replicaof('127.0.0.1', Number(new URL(pair.url).port));
    const shared = connect(pair.url);
    await expect(writes(shared, 'lost')).rejects.toMatchObject({ code: 'spec.away', status: 503 });
    await expect(shared.ask((redis) => redis.get('key'))).rejects.toMatchObject({ code: 'spec.away' });
    await pair.next.replicaof('NO', 'ONE');
    await eventually(() => writes(shared, 'kept').catch((error: Fault) => void faults.push(error.code)));
    expect(await pair.next.get('key')).toBe('kept');
  });

  test('transactions and scripts notice it as single commands do', async () => {
    for (const work of [
      (shared: SharedRedis) => shared.ask((redis) => redis.multi().set('key', 'multi').get('key').exec()),
      (shared: SharedRedis) =>
        shared.ask((redis) => redis.eval("return redis.call('SET', KEYS[1], 'lua')", 1, 'key')),
    ]) {
      const shared = connect(pair.url);
      await work(shared);
      await pair.old.replicaof('127.0.0.2', Number(new URL(pair.url).port));
      await expect(work(shared)).rejects.toMatchObject({ code: 'spec.away' });
      await pair.old.replicaof('NO', 'ONE');
      await eventually(() => work(shared).catch(() => undefined));
    }
  });

  test('what instances share is there again, and instances stay in the registry', async () => {
    const guard = new AvailabilityGuard(connect(pair.url));
    const registration = register({
      url: pair.url,
      service: 'shop',
      address: '10.0.0.1:1',
      beatMs: 200,
      ttlMs: 5_000,
    });
    const registry = openRegistry({ url: pair.url });
    opened.push(guard, registry, { close: () => registration.leave() });
    await eventually(async () => (await registry.list('shop').catch((): string[] => [])).length === 1);
    expect(await guard.ask((redis) => redis.set('key', 'before'))).toBe('OK');
    await pair.failOver('as a replica');
    await eventually(async () => (await guard.ask((redis) => redis.set('key', 'after'))) === 'OK');
    await pair.next.del('facet:registry:shop');
    await eventually(async () =>
      (await registry.list('shop').catch((): string[] => [])).includes('10.0.0.1:1'),
    );
    expect(guard.isAway).toBe(false);
  });
});

(hasRedis ? test : test.skip)(
  'a Redis that is loading is dropped for the one that its name leads to then',
  async () => {
    const redis = await startRedis();
    const sockets: Socket[] = [];
    let isLoading = true;
    const name = createServer((client) => {
      sockets.push(client.on('error', () => undefined));
      if (isLoading) {
        // One answer for each command.
        const answer = '-LOADING Redis is loading the dataset in memory\r\n';
        return client.on('data', (data) =>
          client.write(answer.repeat(data.toString().match(/^\*\d+\r$/gm)?.length ?? 0)),
        );
      }
      const upstream = connectTo(Number(new URL(redis.url).port), '127.0.0.1').on('error', () => undefined);
      sockets.push(upstream);
      return client.pipe(upstream).pipe(client);
    });
    await once(name.listen(0, '127.0.0.1'), 'listening');
    const shared = connect(`redis://127.0.0.1:${(name.address() as AddressInfo).port}`);
    await expect(shared.ask((client) => client.ping())).rejects.toMatchObject({ code: 'spec.away' });
    isLoading = false;
    await eventually(() => shared.ask((client) => client.ping()).catch(() => undefined));
    shared.close();
    for (const socket of sockets) socket.destroy();
    name.close();
    await redis.stop();
  },
);

(hasRedis ? describe : describe.skip)('where sentinels tell which Redis is the primary', () => {
  test('writes reach the replica once it has been made the primary', async () => {
    const redis = await startRedisSentinels();
    try {
      const shared = connect(redis.url);
      await eventually(() => writes(shared, 'before').catch(() => undefined));
      const first = await redis.primary();
      const next = await redis.failOver();
      expect(next).not.toBe(first);
      await eventually(() => writes(shared, 'after').catch(() => undefined), { withinMs: 60_000 });
      expect(await shared.ask((primary) => primary.get('key'))).toBe('after');
    } finally {
      await redis.stop();
    }
  }, 180_000);
});
