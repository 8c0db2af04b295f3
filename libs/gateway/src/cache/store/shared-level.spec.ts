import { eventually, hasRedis, startRedis, type TestRedis } from '@facet/testing';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { freezable } from '../../../test/support/freezable.js';
import { openSharedState, type SharedState } from '../../shared/shared-state.js';
import { AnswerCache, type Decision } from './answer-cache.js';
import type { Limits, CacheEntry, Lookup } from './lookup.js';

const title = hasRedis ? 'instances over one Redis' : 'instances over one Redis (skipped: no redis-server)';

(hasRedis ? describe : describe.skip)(title, () => {
  let redis: TestRedis;
  const open: { close(): void }[] = [];
  let round = 0;

  beforeAll(async () => void (redis = await startRedis()));
  afterAll(() => redis.stop());
  beforeEach(() => void (round += 1));
  afterEach(() => open.splice(0).forEach((each) => each.close()));

  function instance(timeoutMs?: number, url = redis.url) {
    const shared = openSharedState({
      redisUrl: url,
      ...(timeoutMs === undefined ? {} : { timeoutMs }),
      onError: () => undefined,
    }) as NonNullable<SharedState>;
    const decisions: Decision[] = [];
    const cache = new AnswerCache({ policy: {}, shared, decided: (_, each) => void decisions.push(each) });
    open.push(cache, shared);
    return { cache, decisions };
  }

  const service = { value: 0, calls: 0, before: () => Promise.resolve(), after: () => Promise.resolve() };
  beforeEach(() => {
    Object.assign(service, {
      value: 0,
      calls: 0,
      before: () => Promise.resolve(),
      after: () => Promise.resolve(),
    });
  });

  async function load(entries: readonly CacheEntry[], _limits: Limits) {
    service.calls += 1;
    await service.before();
    const json = Buffer.from(JSON.stringify({ value: service.value, text: 'ü€😀' }));
    await service.after();
    return new Map(entries.map(({ key }) => [key, { json }]));
  }

  const asking = (more: Partial<Lookup> = {}): Lookup => ({
    operation: 'shop.item',
    entries: [{ key: `a-${round}`, tags: ['shop/a', 'shop/*'] }],
    ttlMs: 60_000,
    staleMs: 60_000,
    isPersonal: false,
    isRead: true,
    load,
    isUnavailable: () => false,
    late: () => new Error('too late'),
    ...more,
  });

  const ask = async (cache: AnswerCache, more: Partial<Lookup> = {}) => {
    const signal = new AbortController().signal;
    const [found] = await cache.ask(asking(more), { signal, deadline: performance.now() + 20_000 });
    return found?.cached.value();
  };

  /** The second instance has it from the first, which has it from the service. */
  const sharedWithin = async (first: AnswerCache) => {
    await ask(first);
    await eventually(async () => {
      const other = instance();
      await ask(other.cache);
      return other.decisions[0] === 'shared';
    });
    service.calls = 0;
  };

  test('an answer that one has fetched, another need not fetch, and it is the same byte by byte', async () => {
    const first = instance();
    const json = Buffer.from('{ "é": [1e2, "\\u0041", "😀"] }');
    const given = () => Promise.resolve(new Map([[`a-${round}`, { json }]]));
    await ask(first.cache, { load: given });
    await eventually(async () => {
      const second = instance();
      const signal = new AbortController().signal;
      const [found] = await second.cache.ask(asking({ load: given }), {
        signal,
        deadline: performance.now() + 20_000,
      });
      expect(found?.cached.json).toEqual(json);
      return second.decisions[0] === 'shared' && (found?.source === 'cached' || found?.source === 'fresh');
    });
  });

  test('what many want at once is fetched once', async () => {
    const { promise, resolve } = Promise.withResolvers<void>();
    service.before = () => promise;
    const all = Array.from({ length: 6 }, () => instance());
    const asked = all.flatMap(({ cache }) => [ask(cache), ask(cache)]);
    await eventually(() => service.calls > 0);
    resolve();
    for (const each of await Promise.all(asked)) expect(each).toEqual({ value: 0, text: 'ü€😀' });
    expect(service.calls).toBe(1);
  });

  test('when the one that fetches fails, another takes its turn at once', async () => {
    const [first, second] = [instance(), instance()];
    const { promise, reject } = Promise.withResolvers<void>();
    service.before = () => promise;
    const failing = expect(ask(first.cache)).rejects.toThrow('out of order');
    await eventually(() => service.calls === 1);
    const waiting = ask(second.cache);
    service.before = () => Promise.resolve();
    reject(new Error('out of order'));
    await failing;
    expect(await waiting).toMatchObject({ value: 0 });
    expect(service.calls).toBe(2);
  });

  test('a change that one has learnt of is void for all, also for one that has yet to start', async () => {
    const first = instance();
    await sharedWithin(first.cache);
    service.value = 1;
    await first.cache.invalidate(['shop/a']);
    expect(await ask(first.cache)).toMatchObject({ value: 1 });
    expect(await ask(instance().cache)).toMatchObject({ value: 1 });
  });

  test('an old answer that arrives after a change is not left behind for others', async () => {
    const [slow, other] = [instance(), instance()];
    const { promise, resolve } = Promise.withResolvers<void>();
    service.after = () => promise;
    const old = ask(slow.cache);
    await eventually(() => service.calls === 1);
    service.value = 1;
    service.after = () => Promise.resolve();
    // The slow one has not heard of the change when its answer arrives.
    await other.cache.invalidate(['shop/a']);
    resolve();
    expect(await old).toMatchObject({ value: 0 });
    expect(await ask(other.cache)).toMatchObject({ value: 1 });
    expect(await ask(instance().cache)).toMatchObject({ value: 1 });
  });

  test('what belongs to one caller, and what is never cached, stays out of it', async () => {
    const first = instance();
    await ask(first.cache, { isPersonal: true });
    await ask(first.cache, { ttlMs: 0, staleMs: 0 });
    const second = instance();
    await ask(second.cache);
    expect(second.decisions).toEqual(['miss']);
  });

  test('the place up to which changes were followed is known to one that starts later', async () => {
    await instance().cache.follow('shop', 'place-7');
    expect(await instance().cache.placeOf('shop')).toBe('place-7');
    expect(await instance().cache.placeOf('other')).toBeUndefined();
  });

  test('a Redis that hangs is waited for once, and then left alone until it answers again', async () => {
    const way = await freezable(redis.url, 'EVALSHA');
    open.push(way);
    const first = instance(200, way.url);
    await ask(first.cache);
    await eventually(() => way.asked() === 2); // claimed and settled
    way.freeze();
    const before = way.asked();
    // Each under a key of its own, so that none is at hand.
    for (let n = 0; n < 30; n += 1) {
      expect(await ask(first.cache, { entries: [{ key: `hang-${round}-${n}`, tags: [] }] })).toMatchObject({
        value: 0,
      });
    }
    expect(way.asked() - before).toBe(1);
    way.thaw();
    await eventually(async () => {
      await ask(first.cache, { entries: [{ key: `thawed-${performance.now()}`, tags: [] }] });
      return way.asked() - before > 1;
    });
  });

  test('without Redis each goes on alone, nothing waits twice, and a change meanwhile holds once it is back', async () => {
    const first = instance();
    await sharedWithin(first.cache);
    await redis.stop();
    try {
      service.value = 1;
      await first.cache.invalidate(['shop/a']);
      expect(await ask(first.cache)).toMatchObject({ value: 1 });
      await first.cache.follow('shop', 'place-8');
    } finally {
      await redis.restart();
    }
    await eventually(async () => {
      await first.cache.follow('shop', 'place-9');
      return (await instance().cache.placeOf('shop')) === 'place-9';
    });
    expect(await ask(instance().cache)).toMatchObject({ value: 1 });
  });
});
