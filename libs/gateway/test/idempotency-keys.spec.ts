import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { Fault } from '@facet/platform';
import { SharedRedis } from '@facet/platform/redis';
import { eventually, hasRedis, startRedis, type TestRedis } from '@facet/testing';
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { checkIdempotency, type IdempotencyPolicy } from '../src/idempotency/store.js';
import { IdempotencyKeys } from '../src/idempotency/keys.js';

const places = hasRedis ? ['in one process', 'over Redis'] : ['in one process'];
let redis: TestRedis | undefined;
const connections: SharedRedis[] = [];

beforeAll(async () => {
  if (hasRedis) redis = await startRedis();
});
afterEach(() => {
  for (const each of connections.splice(0)) each.close();
});
afterAll(() => redis?.stop());

function keys(place: string, policy: IdempotencyPolicy = {}): IdempotencyKeys {
  if (place === 'in one process' || redis === undefined) {
    return new IdempotencyKeys({ policy, shared: undefined, prefix: 'spec:' });
  }
  const shared = new SharedRedis(
    { url: redis.url, timeoutMs: 2_000 },
    (cause) => new Fault('spec.away', 503, 'away', { cause }),
  );
  connections.push(shared);
  return new IdempotencyKeys({ policy, shared, prefix: 'spec:' });
}

async function begun(of: IdempotencyKeys, key: string, fingerprint = 'order a lamp') {
  const found = await of.begin(key, fingerprint);
  if (found.state !== 'new') throw new Error(`it is ${found.state}`);
  return found.held;
}

describe.each(places)('a key, %s,', (place) => {
  test('is one claimer’s until it is done, and then gives the same again', async () => {
    const store = keys(place);
    const key = randomUUID();
    const held = await begun(store, key);
    expect(await store.begin(key, 'order a lamp')).toEqual({ state: 'running' });
    await held.finish('order 7');
    expect(await store.begin(key, 'order a lamp')).toEqual({ state: 'done', kept: 'order 7' });
  });

  test('stands for one thing alone, while that runs and once it is done', async () => {
    const store = keys(place);
    const key = randomUUID();
    const held = await begun(store, key);
    expect(await store.begin(key, 'order a chair')).toEqual({ state: 'other' });
    await held.finish('order 7');
    expect(await store.begin(key, 'order a chair')).toEqual({ state: 'other' });
  });

  test('that nothing came of can be tried again', async () => {
    const store = keys(place);
    const key = randomUUID();
    await (await begun(store, key)).release();
    await begun(store, key);
  });

  test('is claimed once by many at once', async () => {
    const store = keys(place);
    const key = randomUUID();
    const found = await Promise.all(Array.from({ length: 50 }, () => store.begin(key, 'order a lamp')));
    expect(found.filter(({ state }) => state === 'new')).toHaveLength(1);
    expect(found.filter(({ state }) => state === 'running')).toHaveLength(49);
  });

  test('is kept by who is still at it, for longer than one lease', async () => {
    const store = keys(place, { leaseMs: 2_000 });
    const key = randomUUID();
    const held = await begun(store, key);
    const until = performance.now() + 3_000;
    while (performance.now() < until) {
      expect((await store.begin(key, 'order a lamp')).state).toBe('running');
      await sleep(50);
    }
    await held.release();
  });

  test('is forgotten when its time is over', async () => {
    const store = keys(place, { keepMs: 1_000 });
    const key = randomUUID();
    await (await begun(store, key)).finish('order 7');
    await eventually(async () => (await store.begin(key, 'order a chair')).state === 'new');
  });
});

(hasRedis ? describe : describe.skip)(
  `instances that share a Redis${hasRedis ? '' : ' (skipped: no redis-server)'}`,
  () => {
    test('know each other’s keys', async () => {
      const [one, two] = [keys('over Redis'), keys('over Redis')];
      const key = randomUUID();
      const held = await begun(one, key);
      expect(await two.begin(key, 'order a lamp')).toEqual({ state: 'running' });
      await held.finish('order 7');
      expect(await two.begin(key, 'order a lamp')).toEqual({ state: 'done', kept: 'order 7' });
    });

    test('know their own while it is away', async () => {
      const store = keys('over Redis');
      await (await begun(store, randomUUID())).release();
      await redis?.stop();
      const key = randomUUID();
      const held = await begun(store, key);
      expect(await store.begin(key, 'order a lamp')).toEqual({ state: 'running' });
      await held.finish('order 7');
      expect(await store.begin(key, 'order a lamp')).toEqual({ state: 'done', kept: 'order 7' });
      await redis?.restart();
    });
  },
);

test('W15 what is being done is not forgotten for a flood of other keys, in one process', async () => {
  const store = keys('in one process', { maxBytes: 10_000 });
  const held = await begun(store, 'the one');
  const others = await Promise.all(Array.from({ length: 1_000 }, () => begun(store, randomUUID())));
  for (const other of others) await other.finish('an answer');
  expect(await store.begin('the one', 'order a lamp')).toEqual({ state: 'running' });
  await held.finish('order 7');
  expect(await store.begin('the one', 'order a lamp')).toEqual({ state: 'done', kept: 'order 7' });
});

test('a policy that cannot be kept is refused by name', () => {
  expect(() => checkIdempotency({ leaseMs: 0 })).toThrow(
    'idempotency.leaseMs: got 0, expected a whole number from 100',
  );
});
