import { afterEach, describe, expect, test } from '@jest/globals';
import { aggregate } from '@facet/aggregation';
import { Fault, headerValues, type Authenticator, type Caller } from '@facet/platform';
import type { CachePolicy } from '@facet/policy';
import { eventually, eventuallyPasses, hasRedis, startRedis } from '@facet/testing';
import { Controller, Get } from '@nestjs/common';
import axios, { type AxiosInstance, type AxiosRequestConfig } from 'axios';
import { z } from 'zod';
import { Answers, Incoming, passThrough, route, type IncomingRequest } from '../src/index.js';
import { startTestGateway } from './support/gateway.js';
import { shop, startShop, type RunningShop } from './support/shop.js';

const page = aggregate('spec.page', { input: z.strictObject({ ids: shop.items.input.shape.ids }) })
  .required('items', shop.items, { input: ({ input }) => input })
  .optional('flash', shop.flash, { input: ({ input }) => ({ id: input.ids[0] ?? 'none' }) })
  .shape(({ items, flash }) => ({ names: items.items.map(({ name }) => name), flash: flash?.name }));
const pageAnswer = z.strictObject({ names: z.array(z.string()), flash: z.string().optional() });

const card = aggregate('spec.card', { input: shop.item.input })
  .required('item', shop.item, { input: ({ input }) => input, fields: ['name'] })
  .shape(({ item }) => item);

const whole = aggregate('spec.whole', { input: shop.item.input })
  .required('item', shop.item, { input: ({ input }) => input, whole: true })
  .shape(({ item }) => ({ item }));

@Controller()
class PageController {
  @Get('page')
  @Answers(page, { access: 'public', answer: pageAnswer })
  page(@Incoming() request: IncomingRequest) {
    return request.answer(page);
  }

  @Get('cards/:id')
  @Answers(card, { access: 'public', answer: shop.item.output.pick({ name: true }) })
  card(@Incoming() request: IncomingRequest) {
    return request.answer(card);
  }

  @Get('whole/:id')
  @Answers(whole, { access: 'public', answer: z.strictObject({ item: shop.item.output }) })
  whole(@Incoming() request: IncomingRequest) {
    return request.answer(whole);
  }
}

const access = {};
const routes = passThrough([
  route('GET /items/:id', shop.item, { access: 'public', input: { id: 'path' } }),
  route('GET /items', shop.items, { access: 'public', input: { ids: 'query' } }),
  route('GET /flash/:id', shop.flash, { access: 'public', input: { id: 'path' } }),
  route('GET /mine', shop.mine, { access }),
  route('GET /cellar', shop.cellar, { access: { scopes: ['read'] } }),
  route('GET /items-of/:id', shop.item, { access, input: { id: 'path' } }),
  route('POST /notes', shop.note, {
    access,
    input: { idempotencyKey: 'header:idempotency-key', text: 'body', by: 'caller:subject' },
  }),
]);

const callerOf = (subject: string): Caller => ({
  ...{ subject, kind: 'user', client: 'spec', scopes: ['read'], roles: [], credential: 'bearer' },
});
const authenticator: Authenticator = {
  credentials: ['bearer'],
  schemes: { token: { type: 'http', scheme: 'bearer' } },
  authenticate: (request) => {
    const [header] = headerValues(request, 'authorization');
    return Promise.resolve(header === undefined ? undefined : callerOf(header.replace('Bearer ', '')));
  },
  challenge: () => ({}),
};
const as = (subject: string) => ({ headers: { authorization: `Bearer ${subject}` } });

const running: { stop(): Promise<void> }[] = [];
afterEach(async () => {
  for (const each of running.splice(0).reverse()) await each.stop();
});

interface Starting {
  readonly handlers?: Parameters<typeof startShop>[0];
  readonly cache?: CachePolicy;
  readonly env?: Record<string, string>;
}

async function startGateway(service: RunningShop, { cache = {}, env = {} }: Starting = {}) {
  const gateway = await startTestGateway({
    controllers: [PageController, routes],
    shop: service.address,
    policy: { cache },
    auth: () => ({ authenticator }),
    assertCaller: () => (caller) => caller?.subject ?? 'nobody',
    env,
  });
  running.push(gateway);
  return gateway;
}

async function start(starting: Starting = {}) {
  const service = await startShop(starting.handlers);
  running.push(service);
  const gateway = await startGateway(service, starting);
  const asked = (operation: keyof typeof shop) =>
    service.requests.filter(({ pattern }) => pattern === `shop.${operation}`);
  return { ...gateway, service, asked };
}

const text: AxiosRequestConfig = { responseType: 'text', transformResponse: [] };

describe('an operation that is passed on', () => {
  test('is asked for once while it is fresh, and is the same byte by byte, with its age', async () => {
    const { http, asked } = await start({ handlers: { item: () => ({ name: 'ü "quoted" 🧀', id: 'a' }) } });
    const first = await http.get<string>('/items/a', text);
    const again = await http.get<string>('/items/a', text);
    expect(asked('item')).toHaveLength(1);
    expect(again.data).toBe('{"name":"ü \\"quoted\\" 🧀","id":"a"}');
    expect(again.data).toBe(first.data);
    expect(first.headers).not.toHaveProperty('age');
    expect(again.headers).toMatchObject({
      age: expect.stringMatching(/^\d+$/) as unknown,
      etag: first.headers['etag'] as unknown,
      'cache-control': 'public, max-age=60, stale-while-revalidate=120',
      'server-timing': expect.stringMatching(/^shop;dur=[\d.]+;desc="cached"$/) as unknown,
    });
    const known = await http.get('/items/a', { headers: { 'if-none-match': String(first.headers['etag']) } });
    expect([known.status, known.headers['etag']]).toEqual([304, first.headers['etag']]);
  });

  test('is asked for each time where the contract allows nothing, the policy is silent, or it is switched off', async () => {
    const { http, asked } = await start({ env: { ANSWER_CACHE: 'false' } });
    await http.get('/items/a');
    await http.get('/items/a');
    expect(asked('item')).toHaveLength(2);
  });

  test('that is refused is asked for again', async () => {
    const refuse = () => {
      throw new Fault('shop.item-not-found', 404, 'There is no such item');
    };
    const { http, asked } = await start({ handlers: { item: refuse } });
    for (let times = 1; times <= 2; times += 1) {
      expect((await http.get('/items/a')).status).toBe(404);
      expect(asked('item')).toHaveLength(times);
    }
  });
});

describe('an aggregated answer', () => {
  test('takes its parts from what is kept, and says so', async () => {
    const { http, asked } = await start();
    await http.get('/page?ids=a,b');
    const { data, headers } = await http.get<{ meta: { explain: { calls: object[] } } }>(
      '/page?ids=b,a&explain=1',
    );
    expect(asked('items')).toHaveLength(1);
    expect(data).toMatchObject({ names: ['Item b', 'Item a'] });
    expect(headers['server-timing']).toMatch(/^items;dur=[\d.]+;desc="cached"/);
    expect(data.meta.explain.calls).toContainEqual(
      expect.objectContaining({ operation: 'items', source: 'cached' }),
    );
  });

  test('asks for those items only that nobody has asked for before, wherever that was', async () => {
    const { http, asked } = await start();
    await http.get('/items?ids=a,b');
    await http.get('/page?ids=b,c');
    const { data } = await http.get<string>('/items?ids=c,a', text);
    expect(data).toBe('{"items":[{"id":"c","name":"Item c"},{"id":"a","name":"Item a"}]}');
    expect(asked('items').map(({ data: input }) => input)).toEqual([{ ids: ['a', 'b'] }, { ids: ['c'] }]);
  });

  test('gets what it would have got from the service: its own fields, and no others', async () => {
    const { http, asked } = await start();
    for (let times = 1; times <= 2; times += 1) {
      expect((await http.get<unknown>('/cards/a')).data).toEqual({ name: 'Item a' });
      expect((await http.get<unknown>('/items/a')).data).toEqual({ id: 'a', name: 'Item a' });
      expect((await http.get<unknown>('/whole/a')).data).toEqual({ item: { id: 'a', name: 'Item a' } });
    }
    expect(asked('item')).toHaveLength(2);
  });
});

describe('C2 what depends on the caller', () => {
  test('is kept for each of them, and asked for on their behalf', async () => {
    const { http, asked } = await start();
    for (const who of ['ada', 'bob', 'ada', 'bob']) {
      const { data, headers } = await http.get<unknown>('/mine', as(who));
      expect(data).toEqual({ of: who });
      expect(headers['cache-control']).toMatch(/^private/);
    }
    expect(asked('mine').map(({ caller }) => caller)).toEqual(['ada', 'bob']);
  });

  test('is also what only some may see: the service is asked for each of them', async () => {
    const { http, asked } = await start();
    for (const who of ['ada', 'bob', 'ada']) await http.get('/cellar', as(who));
    expect(asked('cellar').map(({ caller }) => caller)).toEqual(['ada', 'bob']);
  });

  test('is asked for at the same time for each of them', async () => {
    const { http, asked } = await start();
    const answers = await Promise.all(
      ['ada', 'bob', 'ada', 'bob', 'eve'].map((who) => http.get<{ of: string }>('/mine', as(who))),
    );
    expect(answers.map(({ data }) => data.of)).toEqual(['ada', 'bob', 'ada', 'bob', 'eve']);
    expect(asked('mine').length).toBeLessThanOrEqual(5);
  });

  test('is forgotten when the caller has changed something', async () => {
    const { http, asked } = await start();
    await http.get('/mine', as('ada'));
    await http.get('/mine', as('bob'));
    const headers = { ...as('ada').headers, 'idempotency-key': 'key-12345678' };
    expect((await http.post('/notes', { text: 'hi' }, { headers })).status).toBe(200);
    await http.get('/mine', as('ada'));
    await http.get('/mine', as('bob'));
    expect(asked('mine').map(({ caller }) => caller)).toEqual(['ada', 'bob', 'ada']);
  });

  test('is nothing of what is the same for everybody, which is asked for on behalf of nobody', async () => {
    const { http, asked } = await start();
    for (const who of ['ada', 'bob']) await http.get('/items-of/a', as(who));
    await http.get('/items/a');
    expect(asked('item').map(({ caller }) => caller)).toEqual(['nobody']);
  });
});

describe('C1 an answer to a caller', () => {
  test('is private, varies with the credential, and has an ETag of their own, though it be the same', async () => {
    const { http } = await start();
    const [ada, bob] = await Promise.all(['ada', 'bob'].map((who) => http.get('/items-of/a', as(who))));
    expect(ada?.data).toEqual(bob?.data);
    expect(ada?.headers).toMatchObject({
      'cache-control': 'private, max-age=60, stale-while-revalidate=120',
      vary: 'Authorization, Cookie',
    });
    const [etag, other] = [String(ada?.headers['etag']), String(bob?.headers['etag'])];
    expect(etag).not.toBe(other);
    const asking = (who: string, tag: string) =>
      http.get('/items-of/a', { headers: { ...as(who).headers, 'if-none-match': tag } });
    expect((await asking('ada', etag)).status).toBe(304);
    expect((await asking('bob', etag)).status).toBe(200);
  });
});

describe('what many ask at once', () => {
  test('reaches the service once; who leaves, leaves alone, and the last one cancels it', async () => {
    const gate = Promise.withResolvers<void>();
    const signals: AbortSignal[] = [];
    const { url, http, admin, asked } = await start({
      handlers: {
        item: async ({ id }: { id: string }, { signal }) => {
          signals.push(signal);
          await gate.promise;
          return { id, name: 'at last' };
        },
      },
    });
    const leaving = new AbortController();
    const left = axios.get(`${url}/items/a`, { signal: leaving.signal }).catch(() => 'left');
    await eventually(() => asked('item').length === 1);
    const staying = [http.get<unknown>('/items/a'), http.get<unknown>('/items/a')];
    await eventually(async () => {
      const { data } = await axios.get<string>(`${admin}/metrics`);
      return /facet_cache_answers_total{operation="shop.item",decision="coalesced",.*} 2/.test(data);
    });
    leaving.abort();
    expect(await left).toBe('left');
    gate.resolve();
    for (const { data } of await Promise.all(staying)) expect(data).toEqual({ id: 'a', name: 'at last' });
    expect(asked('item')).toHaveLength(1);
    expect(signals[0]?.aborted).toBe(false);
  });

  test('U1 is cancelled at the service once all have left', async () => {
    const signals: AbortSignal[] = [];
    const { url } = await start({
      handlers: {
        item: (_: object, { signal }) => {
          signals.push(signal);
          return new Promise(() => undefined);
        },
      },
    });
    const leaving = new AbortController();
    const left = [1, 2].map(() =>
      axios.get(`${url}/items/a`, { signal: leaving.signal }).catch(() => 'left'),
    );
    await eventually(() => signals.length > 0);
    leaving.abort();
    await Promise.all(left);
    await eventually(() => signals.every(({ aborted }) => aborted));
  });
});

describe('where the service cannot answer', () => {
  const cache = { staleIfErrorMs: 3_600_000 };

  test('what is older than its contract allows is served, and says so', async () => {
    const { http, service } = await start({ cache });
    await http.get('/page?ids=a');
    await http.get('/flash/a');
    await service.stop();
    await eventuallyPasses(async () => {
      const { status, data, headers } = await http.get<unknown>('/page?ids=a');
      expect(status).toBe(200);
      expect(data).toEqual({
        names: ['Item a'],
        flash: 'Item a',
        meta: { outdated: [{ part: 'flash', ageSeconds: expect.any(Number) as unknown }] },
      });
      expect(headers['cache-control']).toBe('public, max-age=0');
      expect(headers['server-timing']).toContain('desc="stale"');
    });
    const { status, data, headers } = await http.get<unknown>('/flash/a');
    expect([status, data]).toEqual([200, { id: 'a', name: 'Item a' }]);
    expect(headers['server-timing']).toContain('desc="stale"');
    expect(Number(headers['age'])).toBeGreaterThanOrEqual(0);
  });

  test('without leave of the policy it is missing, as ever', async () => {
    const { http, service } = await start();
    await http.get('/flash/a');
    await service.stop();
    await eventually(async () => (await http.get('/flash/a')).status === 503);
  });

  test('a refusal is never covered up', async () => {
    let isThere = true;
    const flash = ({ id }: { id: string }) => {
      if (isThere) return { id, name: 'there' };
      throw new Fault('shop.item-not-found', 404, 'There is no such item');
    };
    const { http } = await start({ cache, handlers: { flash } });
    await http.get('/flash/a');
    isThere = false;
    await eventually(async () => (await http.get('/flash/a')).status === 404);
  });
});

/** A service whose one item changes, and which tells of it. */
function changing() {
  let version = 1;
  let changes = 0;
  const handlers: Parameters<typeof startShop>[0] = {
    item: ({ id }: { id: string }) => ({ id, name: `version ${version}` }),
    'answer-changes': ({ since }: { since?: string }) => {
      const from = Number(since ?? changes);
      const tags = from < changes ? ['item:a'] : [];
      return { tags, next: String(changes), reset: since === undefined };
    },
  };
  const change = () => {
    version += 1;
    changes += 1;
  };
  return { handlers, change };
}

const nameOf = async ({ http }: { http: AxiosInstance }, id = 'a') =>
  (await http.get<{ name: string }>(`/items/${id}`)).data.name;

/** Until what is kept stays kept: before that the gateway does not know yet from where to follow the changes. */
const settled = (gateway: { http: AxiosInstance }) =>
  eventually(async () => {
    await gateway.http.get('/items/z');
    const { headers } = await gateway.http.get('/items/z');
    return String(headers['server-timing']).includes('cached') && Number(headers['age']) >= 1;
  });

describe('a change that the service tells of', () => {
  test('shows at once, though the answer would have been fresh for a minute, and leaves the rest alone', async () => {
    const { handlers, change } = changing();
    const gateway = await start({ handlers });
    await settled(gateway);
    expect([await nameOf(gateway), await nameOf(gateway, 'b')]).toEqual(['version 1', 'version 1']);
    change();
    await eventually(async () => (await nameOf(gateway)) === 'version 2', { withinMs: 20_000 });
    expect(await nameOf(gateway, 'b')).toBe('version 1');
    const { data: metrics } = await axios.get<string>(`${gateway.admin}/metrics`);
    expect(metrics).toMatch(/facet_cache_answers_total{operation="shop.item",decision="hit",.*} \d/);
    expect(metrics).toMatch(/facet_cache_invalidations_total{operation="shop.item",.*} \d/);
    expect(metrics).toMatch(/facet_cache_entries{.*} [1-9]/);
  });
});

const shared = hasRedis ? describe : describe.skip;
shared(`gateways over one Redis${hasRedis ? '' : ' (skipped: no redis-server)'}`, () => {
  test('ask a service once for all of them, follow its changes together, and go on without Redis', async () => {
    const redis = await startRedis();
    running.push(redis);
    const { handlers, change } = changing();
    const service = await startShop(handlers);
    running.push(service);
    const env = { REDIS_URL: redis.url };
    const gateways = await Promise.all([1, 2, 3].map(() => startGateway(service, { env })));
    for (const gateway of gateways) await settled(gateway);
    const asked = () =>
      service.requests.filter(({ pattern, data }) => {
        return pattern === 'shop.item' && (data as { id: string }).id === 'a';
      });
    const names = await Promise.all(gateways.flatMap((each) => [nameOf(each), nameOf(each)]));
    expect(new Set(names)).toEqual(new Set(['version 1']));
    expect(asked()).toHaveLength(1);
    change();
    for (const each of gateways) {
      await eventually(async () => (await nameOf(each)) === 'version 2', { withinMs: 20_000 });
    }
    await redis.stop();
    change();
    for (const each of gateways) {
      await eventually(async () => (await nameOf(each)) === 'version 3', { withinMs: 20_000 });
    }
    await redis.restart();
    const late = await startGateway(service, { env });
    expect(await nameOf(late)).toBe('version 3');
  });
});
