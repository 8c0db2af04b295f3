import { Controller, HttpCode, Post, Res } from '@nestjs/common';
import { afterEach, describe, expect, test } from '@jest/globals';
import { type Authenticator, headerValues } from '@facet/access';
import type { Caller } from '@facet/contracts';
import { Fault } from '@facet/platform';
import { eventually, hasRedis, startRedis } from '@facet/testing';
import type { FastifyReply } from 'fastify';
import { RequireAccess, route, Writes } from '../src/index.js';
import { startTestGateway, type TestGateway } from './support/gateway.js';
import { shop, startShop, type RunningShop } from './support/shop.js';

const notes = [
  route('POST /notes', shop.note, {
    access: {},
    input: { idempotencyKey: 'header:idempotency-key', text: 'body', by: 'caller:subject' },
  }),
  route('POST /search', shop.search, { access: {}, input: { q: 'body' } }),
];

let counted = 0;

@Controller()
class CountController {
  @Post('count')
  @HttpCode(202)
  @RequireAccess({})
  @Writes(true)
  count() {
    counted += 1;
    return { counted };
  }

  @Post('count/partly')
  @RequireAccess({})
  @Writes(true)
  partly(@Res({ passthrough: true }) reply: FastifyReply) {
    void reply.status(207);
    return { counted };
  }
}

const authenticator: Authenticator = {
  credentials: ['bearer'],
  schemes: { token: { type: 'http', scheme: 'bearer' } },
  authenticate: (request) => {
    const [subject = ''] = headerValues(request, 'x-who');
    const [as = '{}'] = headerValues(request, 'x-as');
    const caller: Caller = {
      ...{ subject, kind: 'user', client: 'spec', scopes: [], roles: [], credential: 'bearer' },
      ...(JSON.parse(as) as Partial<Caller>),
    };
    return Promise.resolve(caller);
  },
  challenge: () => ({}),
};

const running: { stop(): Promise<void> }[] = [];
const ends: (() => void)[] = [];
afterEach(async () => {
  for (const end of ends.splice(0)) end();
  for (const each of running.splice(0)) await each.stop();
});

async function start(handlers: Parameters<typeof startShop>[0] = {}, env: Record<string, string> = {}) {
  const service = await startShop(handlers);
  running.push(service);
  return { service, ...(await another(service, env)) };
}

async function another(service: RunningShop, env: Record<string, string> = {}) {
  const gateway = await startTestGateway({
    ...{ controllers: [CountController], routes: notes, shop: service.address, env },
    policy: { idempotency: { leaseMs: 1_000 } },
    auth: () => ({ authenticator }),
  });
  running.unshift(gateway);
  return { gateway, post: poster(gateway) };
}

const poster =
  (gateway: TestGateway) =>
  (text: string, { key = 'key-00001', who = 'ann', path = '/notes', as = {} } = {}) =>
    gateway.http.post<Record<string, unknown>>(path, path === '/notes' ? { text } : {}, {
      headers: {
        ...{ 'x-who': who, 'x-as': JSON.stringify(as) },
        ...(key === '' ? {} : { 'idempotency-key': key }),
      },
    });

/** A handler that begins and does not end until it is told to. */
function held<T>() {
  const begun = Promise.withResolvers<void>();
  const end = Promise.withResolvers<void>();
  const handler = async (input: T) => {
    begun.resolve();
    await end.promise;
    return input;
  };
  ends.push(end.resolve);
  return { handler, begun: begun.promise, end: end.resolve };
}

const note = ({ text, by }: { text: string; by: string }) => ({ text, by });

describe('what is written under a key', () => {
  test('D1 needs one', async () => {
    const { post, service } = await start();
    expect(await post('hello', { key: '' })).toMatchObject({
      status: 400,
      data: { code: 'idempotency.key-missing' },
    });
    expect(service.requests).toEqual([]);
  });

  test('D1 is done once; the same again is answered the same, and says so', async () => {
    const { post, service } = await start();
    const first = await post('hello');
    const again = await post('hello');
    expect(first.status).toBe(200);
    expect(first.headers['idempotency-replayed']).toBeUndefined();
    expect([again.status, again.data]).toEqual([first.status, first.data]);
    expect(again.headers['idempotency-replayed']).toBe('true');
    expect(again.headers['content-type']).toBe(first.headers['content-type']);
    expect(service.requests).toHaveLength(1);
  });

  test('D1 is a 422 with another body, and on another route', async () => {
    const { post } = await start();
    await post('hello');
    const expected = { status: 422, data: { code: 'idempotency.key-reused' } };
    expect(await post('goodbye')).toMatchObject(expected);
    expect(await post('', { path: '/count' })).toMatchObject(expected);
  });

  test('D1 is a 409 while it is being done', async () => {
    const slow = held();
    const { post, service } = await start({ note: slow.handler });
    const first = post('hello');
    await slow.begun;
    const second = await post('hello');
    expect([second.status, second.data]).toMatchObject([409, { code: 'idempotency.in-progress' }]);
    expect(second.headers['retry-after']).toBe('1');
    slow.end();
    expect((await first).status).toBe(200);
    expect(service.requests).toHaveLength(1);
  });

  test('D2 is its caller’s alone', async () => {
    const { post, service } = await start();
    await post('hello');
    const other = await post('goodbye', { who: 'bob' });
    expect([other.status, other.data]).toEqual([200, { text: 'goodbye', by: 'bob' }]);
    expect(service.requests).toHaveLength(2);
  });

  test('D2 is apart for each credential, client and customer, even where their names are the same', async () => {
    const { post, service } = await start();
    const acme = { kind: 'client', client: 'acme' } as const;
    const callers: Partial<Caller>[] = [
      ...[{}, { client: 'other' }, { customerId: 'cus_0010' }, { customerId: 'cus_0020' }],
      ...[
        { subject: 'acme', client: 'acme' },
        { ...acme, credential: 'api-key' as const },
      ],
      { ...acme, credential: 'client-credentials', subject: 'acme' },
      { ...acme, credential: 'api-key', customerId: 'cus_0010' },
    ];
    for (const as of callers) {
      const { status, headers } = await post('hello', { as });
      expect([as, status, headers['idempotency-replayed']]).toEqual([as, 200, undefined]);
    }
    expect(service.requests).toHaveLength(callers.length);
  });

  test('is the same after a partner has changed its API key', async () => {
    const { post, service } = await start();
    const acme = { kind: 'client', client: 'acme', credential: 'api-key' } as const;
    await post('hello', { as: { ...acme, subject: 'key_1' } });
    const again = await post('hello', { as: { ...acme, subject: 'key_2' } });
    expect(again.headers['idempotency-replayed']).toBe('true');
    expect(service.requests).toHaveLength(1);
  });

  test('that was refused for what it is, is refused the same again', async () => {
    const refuse = () => Promise.reject(new Fault('shop.not-sealed', 409, 'Not now.'));
    const { post, service } = await start({ note: refuse });
    const [first, again] = [await post('hello'), await post('hello')];
    expect(first).toMatchObject({ status: 409, data: { code: 'shop.not-sealed', detail: 'Not now.' } });
    expect(again).toMatchObject({ status: 409, data: { code: 'shop.not-sealed', detail: 'Not now.' } });
    expect(again.headers['idempotency-replayed']).toBe('true');
    expect(service.requests).toHaveLength(1);
  });

  test('that failed is tried again', async () => {
    let fails = true;
    const { post } = await start({
      note: (input: never) => {
        if (fails) throw new Fault('shop.broken', 503, 'Broken.');
        return note(input);
      },
    });
    expect((await post('hello')).status).toBeGreaterThanOrEqual(500);
    fails = false;
    expect((await post('hello')).status).toBe(200);
  });

  test('with an input that is refused can be sent again, put right', async () => {
    const { post } = await start();
    expect((await post(7 as never)).status).toBe(400);
    expect((await post('seven')).status).toBe(200);
  });

  test('by a controller of one’s own keeps its status', async () => {
    const { post } = await start();
    const [first, again] = [await post('', { path: '/count' }), await post('', { path: '/count' })];
    expect([first.status, again.status, again.data]).toEqual([202, 202, first.data]);
  });

  test('keeps a status that its handler has set itself', async () => {
    const { post } = await start();
    const path = '/count/partly';
    const [first, again] = [await post('', { path }), await post('', { path })];
    expect([first.status, again.status]).toEqual([207, 207]);
    expect(again.headers['idempotency-replayed']).toBe('true');
  });

  test('is nothing to a query, which needs no key', async () => {
    const { gateway } = await start();
    const { status } = await gateway.http.post('/search', { q: 'x' }, { headers: { 'x-who': 'ann' } });
    expect(status).toBe(200);
  });
});

test('a route that does not say whether it changes anything fails the boot, by name', async () => {
  @Controller()
  class SilentController {
    @Post('silent')
    @RequireAccess('public')
    silent() {
      return {};
    }
  }
  await expect(startTestGateway({ controllers: [SilentController] })).rejects.toThrow(
    'do not say whether they change anything (@Writes): POST /silent (SilentController.silent)',
  );
});

(hasRedis ? describe : describe.skip)(
  `two gateways over one Redis${hasRedis ? '' : ' (skipped: no redis-server)'}`,
  () => {
    async function two(handlers: Parameters<typeof startShop>[0] = {}) {
      const redis = await startRedis();
      const { service, ...one } = await start(handlers, { REDIS_URL: redis.url });
      const other = await another(service, { REDIS_URL: redis.url });
      running.push(redis);
      return { redis, service, one, other };
    }

    test('do a thing once, whichever of them is asked, and however near to each other', async () => {
      const slow = held();
      const { service, one, other } = await two({ note: slow.handler });
      const first = one.post('hello');
      await slow.begun;
      expect((await other.post('hello')).status).toBe(409);
      slow.end();
      expect((await first).status).toBe(200);
      const again = await other.post('hello');
      expect([again.status, again.headers['idempotency-replayed']]).toEqual([200, 'true']);
      expect(service.requests).toHaveLength(1);
    });

    test('go on without it while it is away', async () => {
      const { redis, one } = await two();
      await redis.stop();
      const first = await one.post('hello');
      const again = await one.post('hello');
      expect([first.status, again.status, again.headers['idempotency-replayed']]).toEqual([200, 200, 'true']);
      await redis.restart();
      await eventually(async () => (await one.post('more', { key: 'key-00002' })).status === 200);
    });
  },
);
