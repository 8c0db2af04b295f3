import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { RawJson } from '@facet/contracts';
import { eventually } from '@facet/testing';
import { createUpstreams, staticList, type Upstreams } from '../src/index.js';
import { startOurs, type OurService } from './support/our-service.js';
import { failureOf } from './support/calls.js';
import { itemOf, shop } from './support/shop.js';

const soon = (ms = 5_000) => ({ signal: new AbortController().signal, deadline: performance.now() + ms });

describe('a service of ours', () => {
  let service: OurService;
  let upstreams: Upstreams;

  beforeAll(async () => {
    service = await startOurs();
    upstreams = createUpstreams({ shop: { discovery: staticList(service.address) } });
  });
  afterAll(async () => {
    await upstreams.close();
    await service.close();
  });

  test('cuts its own answer to the fields that the caller reads', async () => {
    const fields = ['id', 'price.amount'];
    const { value } = await upstreams.bind({})(shop.item, { id: 'a' }, { ...soon(), fields });
    expect(value).toEqual({ id: 'a', price: { amount: 1999 } });
    expect(service.requests.at(-1)?.fields).toEqual(fields);
  });

  test('is told the caller, the trace, the priority and the time left', async () => {
    const context = { caller: 'signed', traceparent: '00-aa-bb-01', priority: 'high' } as const;
    await upstreams.bind(context)(shop.item, { id: 'a' }, soon(1_500));
    const request = service.requests.at(-1);
    expect(request).toMatchObject(context);
    expect(request?.timeLeftMs()).toBeGreaterThan(0);
    expect(request?.timeLeftMs()).toBeLessThanOrEqual(1_500);
  });

  test('gets its answer forwarded as it came', async () => {
    const call = upstreams.bind({ caller: 'signed' });
    const { value } = await call(shop.item, { id: 'ä' }, { ...soon(), raw: true });
    expect((value as unknown as RawJson).json).toBe(JSON.stringify(itemOf('ä')));
    expect(service.requests.at(-1)?.caller).toBe('signed');
  });

  test('is not parsed for a caller who only passes it on', async () => {
    const { value } = await upstreams.bind({})(shop.item, { id: 'ä' }, { ...soon(), raw: true });
    expect(value).toBeInstanceOf(RawJson);
    expect((value as unknown as RawJson).json).toBe(JSON.stringify(itemOf('ä')));
  });

  test('has its own faults passed on as they are, and stays well', async () => {
    const failure = await failureOf(upstreams.bind({})(shop.fail, { with: 'fault' }, soon()));
    expect(failure).toMatchObject({ code: 'shop.unknown-item', status: 404, service: 'shop' });
    expect(upstreams.health('shop')).toBe('up');
  });

  test('stops working for a caller who left', async () => {
    const controller = new AbortController();
    const call = upstreams.bind({})(
      shop.item,
      { id: 'slow', delayMs: 300 },
      { ...soon(), signal: controller.signal },
    );
    const request = await eventually(() =>
      service.requests.find(({ data }) => (data as { id: string }).id === 'slow'),
    );
    const { signal } = request;
    controller.abort();
    expect(await failureOf(call)).toMatchObject({ code: 'request.cancelled' });
    await eventually(() => signal.aborted);
  });

  test('shows in the snapshot as what it is', () => {
    expect(upstreams.snapshot()).toEqual([
      {
        service: 'shop',
        health: 'up',
        breaker: 'closed',
        breakers: expect.objectContaining({ open: 0, 'half-open': 0 }),
        running: 0,
        queued: 0,
        instances: [
          expect.objectContaining({
            address: service.address,
            state: 'ready',
            ours: true,
            connections: 2,
            pending: 0,
          }),
        ],
      },
    ]);
  });
});

test('a service that cannot cut its answers is asked for the whole, and cut here', async () => {
  const service = await startOurs({ abilities: [] });
  const upstreams = createUpstreams({ shop: { discovery: staticList(service.address) } });
  const options = { ...soon(), fields: ['price.amount'] };
  const { value } = await upstreams.bind({})(shop.item, { id: 'a' }, options);
  expect(value).toEqual({ price: { amount: 1999 } });
  expect(service.requests.at(-1)?.fields).toBeUndefined();
  await upstreams.close();
  await service.close();
});

describe('instances that come and go', () => {
  const services: OurService[] = [];
  let upstreams: Upstreams | undefined;
  afterEach(async () => {
    await upstreams?.close();
    await Promise.all(services.splice(0).map((each) => each.close()));
  });
  const start = async (name: string) => {
    const service = await startOurs({ name });
    services.push(service);
    return service;
  };

  test('get calls once they are found and connected, and finish what they have when they vanish', async () => {
    const [first, second] = [await start('first'), await start('second')];
    let tell: (addresses: string[]) => void = () => undefined;
    upstreams = createUpstreams({
      shop: {
        discovery: {
          watch: (observer) => {
            tell = (addresses) => observer.found(addresses);
            return () => undefined;
          },
        },
      },
    });
    expect(upstreams.health('shop')).toBe('starting');
    const call = upstreams.bind({});
    const early = call(shop.count, { key: 'early' }, soon());
    tell([first.address]);
    expect((await early).value).toEqual({ by: 'first' });

    const pending = call(shop.count, { key: 'pending', delayMs: 300 }, soon());
    await eventually(() => first.requests.length === 2);
    tell([second.address]);
    await eventually(async () => (await call(shop.count, { key: 'later' }, soon())).value.by === 'second');
    expect((await pending).value).toEqual({ by: 'first' });
    await eventually(() => first.server.connections === 0);
  });

  test('that drain get no new calls, and those that they have are answered', async () => {
    const [first, second] = [await start('first'), await start('second')];
    upstreams = createUpstreams({ shop: { discovery: staticList([first.address, second.address]) } });
    const call = upstreams.bind({});
    await eventually(() => upstreams?.health('shop') === 'up');
    const pending = Array.from({ length: 20 }, (_, n) =>
      call(shop.count, { key: `p${n}`, delayMs: 200 }, soon()),
    );
    await eventually(() => first.requests.length + second.requests.length === 20);
    const closed = first.close();
    await eventually(() => upstreams?.health('shop') === 'degraded');
    const later = await Promise.all(
      Array.from({ length: 20 }, (_, n) =>
        call(shop.count, { key: `l${n}` }, soon()).then(({ value }) => value.by),
      ),
    );
    expect(new Set(later)).toEqual(new Set(['second']));
    const by = (await Promise.all(pending)).map(({ value }) => value.by);
    expect(new Set(by)).toEqual(new Set(['first', 'second']));
    await closed;
  });

  test('that came back take over at once from the last one that goes, however long they were away', async () => {
    const [first, second] = [await start('first'), await start('second')];
    upstreams = createUpstreams({
      shop: {
        discovery: staticList([first.address, second.address]),
        connections: 1,
        reconnect: { baseMs: 200, maxMs: 600_000 },
      },
    });
    const pauses: number[] = [];
    upstreams.events.on('connect-failed', ({ retryInMs }) => pauses.push(retryInMs));
    const call = upstreams.bind({});
    await eventually(() => upstreams?.health('shop') === 'up');
    await first.close();
    await eventually(() => (pauses.at(-1) ?? 0) > 3_000, { withinMs: 60_000 });
    services.push(await startOurs({ name: 'back', port: first.port }));
    await second.close();
    expect((await call(shop.count, { key: 'a' }, soon())).value).toEqual({ by: 'back' });
  }, 90_000);

  test('are waited for where this process stood still before it could connect', async () => {
    const only = await start('only');
    upstreams = createUpstreams({ shop: { discovery: staticList(only.address), noInstanceGraceMs: 50 } });
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 100);
    expect(upstreams.health('shop')).toBe('starting');
    expect((await upstreams.bind({})(shop.count, { key: 'a' }, soon())).value).toEqual({ by: 'only' });
  });

  test('that all are gone make a call fail at once after a short gap, saying when to come back', async () => {
    const only = await start('only');
    upstreams = createUpstreams({ shop: { discovery: staticList(only.address), noInstanceGraceMs: 50 } });
    const call = upstreams.bind({});
    await call(shop.count, { key: 'a' }, soon());
    await only.close();
    await eventually(() => upstreams?.health('shop') === 'down');
    const failure = await failureOf(call(shop.item, { id: 'a' }, soon()));
    expect(failure).toMatchObject({
      code: 'upstream.unavailable',
      status: 503,
      policy: 'no-instance',
      service: 'shop',
    });
    expect((failure as { retryAfterMs: number }).retryAfterMs).toBeGreaterThan(0);
  });

  test('of which one does not know an operation leave it to the other', async () => {
    const old = await start('old');
    const recent = await startOurs({ name: 'recent' });
    services.push(recent);
    const asked: unknown[] = [];
    old.server.onRequest(({ pattern }) => {
      asked.push(pattern);
      if (pattern === 'shop.item') return unknown(pattern);
      return { by: 'old' };
    });
    upstreams = createUpstreams({ shop: { discovery: staticList([old.address, recent.address]) } });
    const call = upstreams.bind({});
    await eventually(() => upstreams?.health('shop') === 'up');
    for (let n = 0; n < 20; n += 1) await call(shop.item, { id: `i${n}` }, soon());
    expect(asked.filter((pattern) => pattern === 'shop.item').length).toBeLessThanOrEqual(1);
    expect(upstreams.health('shop')).toBe('up');
    await eventually(async () => (await call(shop.count, { key: 'k' }, soon())).value.by === 'old');
  });
});

describe('upstreams', () => {
  test('refuse an option that does not exist or makes no sense, by its name', () => {
    const discovery = staticList('127.0.0.1:1');
    const make = (options: object) => () => createUpstreams({ shop: { discovery, ...options } });
    expect(make({ retry: { attempts: 3 } })).toThrow(
      /shop.retry.attempts: no such option; there are maxAttempts/,
    );
    expect(make({ breaker: { openMs: -1 } })).toThrow(/shop.breaker.openMs: got -1/);
    expect(make({ connections: 0 })).toThrow(/shop.connections: got 0, expected a whole number from 1 to 64/);
    expect(make({ channel: { maxPending: -5 } })).toThrow(/maxPending/);
  });

  test.each([
    [{ maxCallMs: -5 }, 'shop.maxCallMs: got -5'],
    [{ maxCallMs: Infinity }, 'shop.maxCallMs: got Infinity'],
    [{ connections: 1.5 }, 'shop.connections: got 1.5, expected a whole number from 1 to 64'],
    [{ connections: '2' }, 'shop.connections: got "2"'],
    [{ breaker: { failureShare: 3 } }, 'shop.breaker.failureShare: got 3, expected a number from 0 to 1'],
    [{ breaker: { trials: 0 } }, 'shop.breaker.trials: got 0'],
    [{ breaker: { minRequests: NaN } }, 'shop.breaker.minRequests: got NaN'],
    [{ bulkhead: { maxRunning: 0.5 } }, 'shop.bulkhead.maxRunning: got 0.5'],
    [{ hedge: { quantile: 95 } }, 'shop.hedge.quantile: got 95'],
    [{ retry: { maxAttempts: 2.5 } }, 'shop.retry.maxAttempts: got 2.5'],
    [{ reconnect: { baseMs: 0 } }, 'shop.reconnect.baseMs: got 0'],
    [{ ejection: { maxShare: 10 } }, 'shop.ejection.maxShare: got 10'],
    [{ panicShare: 50 }, 'shop.panicShare: got 50'],
    [{ drainMs: 3e9 }, 'shop.drainMs: got 3000000000'],
    [{ balancing: 'random' }, 'shop.balancing: got random, expected power-of-two or round-robin'],
    [{ maxCallsMs: 5 }, 'shop.maxCallsMs: no such option; there are maxCallMs'],
    [{ channel: { maxPending: 1.5 } }, 'shop.channel.maxPending: got 1.5, expected a whole number from 1'],
    [
      { channel: { maxFrameByte: 5 } },
      'shop.channel.maxFrameByte: no such option; there are connectTimeoutMs, handshakeTimeoutMs, maxFrameBytes',
    ],
    [{ retry: true }, 'shop.retry: got true, expected an object with maxAttempts, baseMs, maxMs'],
  ])('refuse %j at once', (options, message) => {
    const discovery = staticList('127.0.0.1:1');
    expect(() => createUpstreams({ shop: { discovery, ...(options as object) } })).toThrow(message);
  });

  test('name those they know when a call goes to another', async () => {
    const upstreams = createUpstreams({});
    expect(() => upstreams.health('shop')).toThrow(/No upstream "shop" is configured here; there are none/);
    expect(await failureOf(upstreams.bind({})(shop.item, { id: 'a' }, soon()))).toMatchObject({
      message: expect.stringContaining('"shop"') as unknown,
    });
  });
});

function unknown(pattern: string): never {
  throw Object.assign(new Error(pattern), {
    toWire: () => 'There is no matching message handler defined in the remote service.',
  });
}
