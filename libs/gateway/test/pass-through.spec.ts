import { afterEach, describe, expect, test } from '@jest/globals';
import { Fault } from '@facet/platform';
import { route, type Route } from '../src/index.js';
import { RouteTable } from '../src/routes/table.js';
import { startTestGateway } from './support/gateway.js';
import { shop, startShop } from './support/shop.js';

const routes = [
  route('GET /items/:key', shop.item, { access: 'public', input: { id: 'path:key' } }),
  route('GET /items', shop.search, {
    access: 'public',
    input: { q: 'query:words', page: 'query', ids: 'query' },
  }),
  route('POST /notes/:by', shop.note, {
    access: 'public',
    input: { idempotencyKey: 'header:idempotency-key', text: 'body', by: 'path', tags: 'body' },
  }),
];

const running: { stop(): Promise<void> }[] = [];
afterEach(() => Promise.all(running.splice(0).map((each) => each.stop())));

async function start(handlers: Parameters<typeof startShop>[0] = {}, allowed: Route[] = routes) {
  const service = await startShop(handlers);
  const gateway = await startTestGateway({ routes: allowed, shop: service.address });
  running.push(gateway, service);
  return { http: gateway.http, service };
}

describe('a route that is passed through', () => {
  test("gives the service's answer byte for byte, with what its owner says of its freshness", async () => {
    const { http, service } = await start({ item: () => ({ name: 'ü "quoted"', id: 'a' }) });
    const { data, headers } = await http.get<string>('/items/a', {
      responseType: 'text',
      transformResponse: [],
    });
    expect(data).toBe('{"name":"ü \\"quoted\\"","id":"a"}');
    expect(headers).toMatchObject({
      'content-type': 'application/json; charset=utf-8',
      'cache-control': 'public, max-age=60, stale-while-revalidate=120',
      'server-timing': expect.stringMatching(/^shop;dur=/) as unknown,
    });
    expect(service.requests.map(({ data: input }) => input)).toEqual([{ id: 'a' }]);
    const again = await http.get('/items/a', { headers: { 'if-none-match': String(headers['etag']) } });
    expect(again.status).toBe(304);
  });

  test.each([undefined, {}])('gives null where the service answers nothing (cache: %p)', async (cache) => {
    const service = await startShop({ nothing: () => undefined });
    const gateway = await startTestGateway({
      routes: [route('GET /nothing', shop.nothing, { access: 'public' })],
      shop: service.address,
      policy: cache === undefined ? {} : { cache },
    });
    running.push(gateway, service);
    const { data, headers } = await gateway.http.get<unknown>('/nothing', {
      responseType: 'text',
      transformResponse: [],
    });
    expect([data, headers['content-type']]).toEqual(['null', 'application/json; charset=utf-8']);
  });

  test('takes its input from the places it names, as the types it has', async () => {
    const { http, service } = await start();
    await http.get('/items?words=7&page=2&ids=a,b');
    expect(service.requests[0]?.data).toEqual({ q: '7', page: 2, ids: ['a', 'b'] });
  });

  test.each([
    ['an unknown name', '/items?q=x', 'q'],
    ['a name that the service has and the route does not', '/items?inStock=true', 'inStock'],
    ['a bad value', '/items?page=zero', 'page'],
  ])('refuses %s', async (_, url, field) => {
    const { http, service } = await start();
    const { status, data } = await http.get<unknown>(url);
    expect([status, data]).toMatchObject([400, { code: 'input.invalid', fields: [{ field }] }]);
    expect(service.requests).toEqual([]);
  });

  test('N6 names some of many unknown fields, so that a refusal stays small', async () => {
    const { http } = await start();
    const names = Array.from({ length: 1_000 }, (_, index) => `${index}-${'x'.repeat(100)}`);
    const body = Object.fromEntries(names.map((name) => [name, 1]));
    const headers = { 'idempotency-key': 'key-12345678' };
    const { status, data } = await http.post<{ fields: unknown[]; detail: string }>('/notes/ann', body, {
      headers,
    });
    expect([status, data.fields.length]).toEqual([400, 20]);
    expect(data.detail).toMatch(/^Not as expected: 0-x+…, .* and 980 more\.$/);
    expect(JSON.stringify(data).length).toBeLessThan(5_000);
  });

  test('sends a command once, and never stores its answer', async () => {
    const { http, service } = await start();
    const headers = { 'idempotency-key': 'key-12345678' };
    const { status, headers: answered } = await http.post('/notes/ann', { text: 'hi' }, { headers });
    expect([status, answered['cache-control'], 'etag' in answered]).toEqual([200, 'no-store', false]);
    expect(service.requests.map(({ data }) => data)).toEqual([
      { idempotencyKey: 'key-12345678', text: 'hi', by: 'ann' },
    ]);
  });

  test('D1 without an idempotency key is a 400 that names it', async () => {
    const { http } = await start();
    const { status, data } = await http.post<unknown>('/notes/ann', { text: 'hi' });
    expect([status, data]).toMatchObject([400, { fields: [{ field: 'idempotencyKey' }] }]);
  });

  test.each([[[1]], ['text'], [null], [7]])('refuses the body %j, which is not an object', async (body) => {
    const { http, service } = await start();
    const headers = { 'idempotency-key': 'key-12345678', 'content-type': 'application/json' };
    const { status } = await http.post('/notes/ann', JSON.stringify(body), { headers });
    expect(status).toBe(400);
    expect(service.requests).toEqual([]);
  });

  test("passes a service's refusal on in its own words", async () => {
    const { http } = await start({
      item: () => {
        throw new Fault('shop.item-not-found', 404, 'There is no such item');
      },
    });
    const { status, data } = await http.get<unknown>('/items/zz');
    expect([status, data]).toMatchObject([
      404,
      { code: 'shop.item-not-found', detail: 'There is no such item' },
    ]);
  });

  test('does not exist for an operation that no route names', async () => {
    const { http, service } = await start();
    for (const url of ['/reviews', '/shop.reviews', '/shop/reviews', '/items/a/reviews']) {
      expect((await http.get(url)).status).toBe(404);
    }
    expect(service.requests).toEqual([]);
  });

  test.each(['/%69tems/a', '/items//a', '/items/a;x', '/ITEMS/a', '/items/a/'])(
    'Z5 reached as %s is the same route or none',
    async (url) => {
      const { http, service } = await start();
      const { status } = await http.get(url);
      if (status === 200) expect(service.requests[0]?.data).toEqual({ id: 'a' });
      else expect([400, 404]).toContain(status);
    },
  );
});

describe('a route that cannot work is refused when it is declared', () => {
  const open = { access: 'public' } as const;

  test.each([
    ['an input that it needs has no source', () => route('GET /x', shop.item, open), 'needs "id"'],
    [
      'an input that there is not',
      () => route('GET /x', shop.search, { ...open, input: { nonsense: 'query' } as object }),
      'has no input "nonsense"',
    ],
    [
      'a path that does not have the name',
      () => route('GET /x/:key', shop.item, { ...open, input: { id: 'path' } }),
      'has no ":id"',
    ],
    ['a body with GET', () => route('GET /x', shop.item, { ...open, input: { id: 'body' } }), 'GET has none'],
    [
      'a command with GET',
      () =>
        route('GET /x', shop.note, {
          ...open,
          input: { idempotencyKey: 'header:idempotency-key', text: 'query', by: 'query' },
        }),
      'is a command',
    ],
    [
      'the same twice',
      () => new RouteTable([route('GET /x', shop.search, open), route('GET /x', shop.search, open)], []),
      'GET /x is there twice',
    ],
  ])('%s', (_, declare, message) => {
    expect(declare).toThrow(message);
  });
});
