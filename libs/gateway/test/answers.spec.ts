import { Controller, Get } from '@nestjs/common';
import { afterEach, describe, expect, test } from '@jest/globals';
import { aggregate } from '@facet/aggregation';
import { Fault } from '@facet/platform';
import { eventually } from '@facet/testing';
import axios from 'axios';
import { z } from 'zod';
import { Answers, Incoming, type GatewayRequest } from '../src/index.js';
import { startTestGateway } from './support/gateway.js';
import { shop, startShop } from './support/shop.js';

const page = aggregate('spec.page', {
  input: shop.search.input.extend({ id: shop.item.input.shape.id }),
  deadlineMs: 3_000,
})
  .required('item', shop.item, { input: ({ input }) => ({ id: input.id }) })
  .optional('more', shop.search, {
    input: ({ input: { q, page: number, ids, inStock } }) => ({ q, page: number, ids, inStock }),
  })
  .deferred('reviews', shop.reviews, { input: ({ input }) => ({ id: input.id }) })
  .shape(({ item, more }) => ({ item, more: more?.items }));

const pageAnswer = z.strictObject({
  item: shop.item.output,
  more: shop.search.output.shape.items.optional(),
  reviews: shop.reviews.output.optional(),
});

const passedOn = aggregate('spec.passed-on', { input: shop.item.input })
  .required('item', shop.item, { input: ({ input }) => input, opaque: true })
  .optional('more', shop.search, { input: () => ({}), opaque: true })
  .deferred('reviews', shop.reviews, { input: ({ input }) => input, opaque: true })
  .shape(({ item, more, input }) => ({ id: input.id, item, more }));

const passedOnAnswer = z.strictObject({
  id: z.string(),
  item: shop.item.output,
  more: shop.search.output.optional(),
  reviews: shop.reviews.output.optional(),
});

@Controller()
class PageController {
  @Get('passed-on/:id')
  @Answers(passedOn, { access: 'public', answer: passedOnAnswer })
  passedOn(@Incoming() request: GatewayRequest) {
    return request.answer(passedOn);
  }

  @Get('pages/:id')
  @Answers(page, { access: 'public', answer: pageAnswer })
  page(@Incoming() request: GatewayRequest) {
    return request.answer(page);
  }
}

const running: { stop(): Promise<void> }[] = [];
afterEach(() => Promise.all(running.splice(0).map((each) => each.stop())));

async function start(handlers: Parameters<typeof startShop>[0] = {}, env: Record<string, string> = {}) {
  const service = await startShop(handlers);
  const gateway = await startTestGateway({ controllers: [PageController], shop: service.address, env });
  running.push(gateway, service);
  return { ...gateway, service };
}

const names = 'Käse "1" \u2028 \\ 🧀';
const never = () => new Promise<never>(() => undefined);
const fails = () => {
  throw new Error('out of order');
};

describe('an aggregated answer', () => {
  test('has all its parts and says how long it holds', async () => {
    const { http } = await start();
    const { data, headers } = await http.get<unknown>('/pages/x');
    expect(data).toEqual({
      item: { id: 'x', name: 'Item x' },
      more: [
        { id: 'a', name: 'a' },
        { id: 'b', name: 'b' },
      ],
      reviews: { stars: 4 },
    });
    expect(headers['cache-control']).toBe('public, max-age=10');
    expect(headers['vary']).toBe('Accept');
    expect(headers['server-timing']).toMatch(
      /^item;dur=[\d.]+;desc="fresh", more;.*reviews;.*total;dur=[\d.]+$/,
    );
  });

  test('is a 304 for who has it, and another one once it has changed', async () => {
    let name = 'old';
    const { http } = await start({ item: ({ id }: { id: string }) => ({ id, name }) });
    const { headers } = await http.get<unknown>('/pages/x');
    const known = { headers: { 'if-none-match': `"other", W/${String(headers['etag'])}` } };
    const unchanged = await http.get('/pages/x', known);
    expect([unchanged.status, unchanged.data]).toEqual([304, '']);
    expect(unchanged.headers).toMatchObject({
      etag: String(headers['etag']),
      'cache-control': 'public, max-age=10',
    });
    name = 'new';
    expect((await http.get('/pages/x', known)).status).toBe(200);
  });

  test('answers HEAD without a body', async () => {
    const { http } = await start();
    const { status, data, headers } = await http.head<unknown>('/pages/x');
    expect([status, data, Number(headers['content-length']) > 0]).toEqual([200, '', true]);
  });

  test('without an optional part says which is missing and why, and may not be stored', async () => {
    const { http } = await start({ search: fails });
    const { status, data, headers } = await http.get<{ meta: unknown }>('/pages/x');
    expect(status).toBe(200);
    expect(data.meta).toEqual({ degraded: [{ part: 'more', reason: expect.any(String) as unknown }] });
    expect(headers['cache-control']).toBe('no-store');
    expect(headers).not.toHaveProperty('etag');
    expect(headers['server-timing']).toMatch(/more;dur=[\d.]+;desc="missing: /);
  });

  test('E2 without a required part is a 503 that names the service, or a 504 where it is late', async () => {
    const broken = await start({ item: fails });
    const { status, data } = await broken.http.get<unknown>('/pages/x');
    expect([status, data]).toMatchObject([503, { service: 'shop' }]);
    const late = await start({ item: never });
    expect((await late.http.get<unknown>('/pages/x')).status).toBe(504);
  });

  test('E2 without its service is a 503 with Retry-After', async () => {
    const { http, service } = await start();
    await service.stop();
    const { status, headers, data } = await http.get<unknown>('/pages/x');
    expect([status, data]).toMatchObject([503, { code: 'upstream.unavailable', service: 'shop' }]);
    expect(Number(headers['retry-after'])).toBeGreaterThanOrEqual(1);
  });

  test('E1 keeps the code of a refusal that no contract declares for the log', async () => {
    const refuses = () => {
      throw new Fault('shop.refused-the-gateway', 400, 'no');
    };
    const { http, log } = await start({ item: refuses });
    const { status, data } = await http.get<object>('/pages/x');
    expect([status, data]).toMatchObject([503, { code: 'upstream.unavailable', service: 'shop' }]);
    expect(JSON.stringify(data)).not.toContain('refused-the-gateway');
    const line = await eventually(() =>
      log()
        .split('\n')
        .find((each) => each.includes('"answered"')),
    );
    expect(JSON.parse(line)).toMatchObject({
      ...{ problem: 'upstream.unavailable', service: 'shop', reason: 'shop.refused-the-gateway' },
    });
  });
});

describe('its input', () => {
  test('is turned from text into what the schema says', async () => {
    const { http, service } = await start();
    await http.get<unknown>('/pages/x?q=7&page=3&ids=a,b&ids=c&inStock=false');
    const asked = service.requests.find(({ pattern }) => pattern === 'shop.search');
    expect(asked?.data).toEqual({ q: '7', page: 3, ids: ['a', 'b', 'c'], inStock: false });
  });

  test('counts an empty text as not given', async () => {
    const { http, service } = await start();
    await http.get<unknown>('/pages/x?q=&page=');
    expect(service.requests.find(({ pattern }) => pattern === 'shop.search')?.data).toEqual({ page: 1 });
  });

  test.each([
    ['a number that is not one', '/pages/x?page=1e3', 'page'],
    ['a number with more behind it', '/pages/x?page=2;drop', 'page'],
    ['one thing twice', '/pages/x?page=1&page=2', 'page'],
    ['what is not known', '/pages/x?debug=1', 'debug'],
    ['what is part of the address', '/pages/x?id=y', 'id'],
    ['a bad id', '/pages/UPPER', 'id'],
    ['a bad item of a list', '/pages/x?ids=a,B!', 'ids.1'],
    ['N3 a prototype', '/pages/x?__proto__=1', '__proto__'],
  ])('with %s is a 400 that names the field, and no service is asked', async (_, url, field) => {
    const { http, service } = await start();
    const { status, data } = await http.get<{ fields: { field: string }[] }>(url);
    expect([status, data]).toMatchObject([400, { code: 'input.invalid', fields: [{ field }] }]);
    expect(service.requests).toEqual([]);
  });
});

describe('explained', () => {
  test('it shows its parts and calls outside of production, and is not stored', async () => {
    const { http } = await start();
    const { data, headers } = await http.get<object>('/pages/x?explain=1');
    expect(data).toMatchObject({
      meta: { explain: { aggregation: 'spec.page', calls: expect.any(Array) as unknown } },
    });
    expect(headers['cache-control']).toBe('no-store');
  });

  test('it is refused in production to who may not', async () => {
    const { http } = await start(
      {},
      { NODE_ENV: 'production', TRUSTED_PROXIES: 'none', DRAIN_DELAY_MS: '0' },
    );
    expect((await http.get<unknown>('/pages/x?explain=1')).status).toBe(403);
    expect((await http.get<unknown>('/pages/x')).status).toBe(200);
  });
});

describe('in pieces', () => {
  test('as NDJSON, the first has all but the deferred part, which follows when it is ready', async () => {
    const gate = Promise.withResolvers<void>();
    const { url } = await start({ reviews: () => gate.promise.then(() => ({ stars: 5 })) });
    const response = await fetch(`${url}/pages/x`, { headers: { accept: 'application/x-ndjson' } });
    expect(response.headers.get('content-type')).toBe('application/x-ndjson; charset=utf-8');
    expect(response.headers.get('cache-control')).toBe('no-store');
    const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader();
    const first = await reader?.read();
    expect(JSON.parse(first?.value ?? '')).toMatchObject({ event: 'first', value: { item: { id: 'x' } } });
    gate.resolve();
    let rest = '';
    for (let read = await reader?.read(); read && !read.done; read = await reader?.read()) rest += read.value;
    expect(
      rest
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line) as unknown),
    ).toEqual([
      { event: 'part', part: 'reviews', value: { stars: 5 } },
      { event: 'end', meta: {} },
    ]);
  });

  test('as Server-Sent Events, a part that fails says so', async () => {
    const { http } = await start({ reviews: fails });
    const { data, headers } = await http.get<string>('/pages/x', {
      headers: { accept: 'text/event-stream' },
    });
    expect(headers['content-type']).toBe('text/event-stream; charset=utf-8');
    expect(data.split('\n\n').map((event) => event.split('\n')[0])).toEqual([
      'event: first',
      'event: part',
      'event: end',
      '',
    ]);
    expect(data).toMatch(/data: {"part":"reviews","missing":"[a-z.-]+"}/);
    expect(data).toMatch(/data: {"meta":{"degraded":\[{"part":"reviews"/);
  });

  test('is whole for who says that it must not come in pieces', async () => {
    const { http } = await start();
    const accept = 'application/json, text/event-stream;q=0';
    const { headers } = await http.get('/pages/x', { headers: { accept } });
    expect(headers['content-type']).toBe('application/json; charset=utf-8');
  });

  test.each([
    ['application/json, text/event-stream;q=0.1', 'application/json; charset=utf-8'],
    ['application/json;q=0.5, text/event-stream', 'text/event-stream; charset=utf-8'],
    ['text/event-stream;q=0.2, application/x-ndjson;q=0.3', 'application/x-ndjson; charset=utf-8'],
    ['text/event-stream, */*', 'text/event-stream; charset=utf-8'],
    ['*/*, application/x-ndjson;q=0.9', 'application/json; charset=utf-8'],
    ['text/html', 'application/json; charset=utf-8'],
    ['nonsense;;;q=x, =', 'application/json; charset=utf-8'],
  ])('is chosen by the weights of %s: %s', async (accept, type) => {
    const { http } = await start();
    const { headers } = await http.get('/pages/x', { headers: { accept } });
    expect([headers['content-type'], headers['vary']]).toEqual([type, 'Accept']);
  });

  test.each([
    ['ends', {}, 'end'],
    ['breaks', { reviews: () => Promise.reject(new Error('broken')) }, 'end'],
  ])(
    'as Server-Sent Events are over for good once the stream %s: 204 to who has read them',
    async (_, handlers, id) => {
      const { http } = await start(handlers);
      const headers = { accept: 'text/event-stream' };
      const { data } = await http.get<string>('/pages/x', { headers });
      expect([...data.matchAll(/^id: (.*)$/gm)].map(([, each]) => each)).toEqual([id]);
      const again = await http.get<string>('/pages/x', { headers: { ...headers, 'last-event-id': id } });
      expect([again.status, again.data]).toEqual([204, '']);
      const broken = await http.get<string>('/pages/x', { headers: { ...headers, 'last-event-id': '' } });
      expect(broken.status).toBe(200);
    },
  );

  test('a required part that is missing is still a problem', async () => {
    const { http } = await start({ item: fails });
    const { status, headers } = await http.get('/pages/x', { headers: { accept: 'application/x-ndjson' } });
    expect([status, headers['content-type']]).toEqual([503, 'application/problem+json; charset=utf-8']);
  });
});

describe('a client that leaves', () => {
  test.each([
    ['application/json', { item: never }, 'shop.item'],
    ['application/x-ndjson', { reviews: never }, 'shop.reviews'],
  ])('cancels the work down to the service (%s)', async (accept, handlers, pattern) => {
    const { url, service } = await start(handlers);
    const controller = new AbortController();
    const answer = axios.get(`${url}/pages/x`, { signal: controller.signal, headers: { accept } });
    const { signal } = await eventually(() =>
      service.requests.find((request) => request.pattern === pattern),
    );
    expect(signal.aborted).toBe(false);
    controller.abort();
    await expect(answer).rejects.toThrow('canceled');
    await eventually(() => signal.aborted);
  });
});

describe('a service', () => {
  test('U1 is told the trace and the time that is left', async () => {
    const { http, service } = await start();
    const traceId = '0af7651916cd43dd8448eb211c80319c';
    await http.get('/pages/x', { headers: { traceparent: `00-${traceId}-b7ad6b7169203331-01` } });
    for (const request of service.requests) {
      expect(request.traceparent).toMatch(new RegExp(`^00-${traceId}-(?!b7ad6b7169203331)[0-9a-f]{16}-01$`));
      expect(request.deadline - performance.now()).toBeLessThan(3_000);
    }
    expect(service.requests).toHaveLength(3);
  });
});

describe('an answer with parts that are opaque', () => {
  const expected = {
    id: 'x',
    item: { id: 'x', name: names },
    more: { items: [{ id: 'a', name: 'a' }] },
    reviews: { stars: 4 },
  };
  const handlers = {
    item: ({ id }: { id: string }) => ({ id, name: names }),
    search: () => ({ items: [{ id: 'a', name: 'a' }] }),
  };

  test('reads as the services wrote them, and is known again by its ETag', async () => {
    const { http } = await start(handlers);
    const { data, headers } = await http.get<unknown>('/passed-on/x');
    expect(data).toEqual(expected);
    expect(headers['content-type']).toBe('application/json; charset=utf-8');
    expect(headers['cache-control']).toBe('public, max-age=10');
    const again = await http.get('/passed-on/x', { headers: { 'if-none-match': headers['etag'] as string } });
    expect(again.status).toBe(304);
  });

  test('says which of them are missing', async () => {
    const { http } = await start({ ...handlers, search: fails });
    const { data } = await http.get<unknown>('/passed-on/x');
    const { more: _, ...rest } = expected;
    expect(data).toEqual({ ...rest, meta: { degraded: [{ part: 'more', reason: expect.any(String) }] } });
  });

  test('comes in pieces where a client asks for that', async () => {
    const { http } = await start(handlers);
    const { data } = await http.get<string>('/passed-on/x', { headers: { accept: 'application/x-ndjson' } });
    const pieces = data
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as unknown);
    const { reviews, ...first } = expected;
    expect(pieces).toEqual([
      { event: 'first', value: first },
      { event: 'part', part: 'reviews', value: reviews },
      { event: 'end', meta: {} },
    ]);
  });
});
