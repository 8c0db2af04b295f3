import { afterEach, describe, expect, test } from '@jest/globals';
import { aggregate } from '@facet/aggregation';
import type { Authenticator } from '@facet/access';
import { Fault } from '@facet/platform';
import { eventually } from '@facet/testing';
import { z } from 'zod';
import { route } from '../src/index.js';
import { startTestGateway } from './support/gateway.js';
import { shop, startShop } from './support/shop.js';

const page = aggregate('spec.page', { input: shop.item.input })
  .required('item', shop.item, { input: ({ input }) => input })
  .optional('stars', shop.reviews, { input: ({ input }) => input })
  .shape(({ item, stars }) => ({ item, stars: stars?.stars }));

const routes = [
  route('GET /pages/:id', page, {
    access: 'public',
    answer: z.strictObject({ item: shop.item.output, stars: z.number().optional() }),
  }),
  route('GET /search', shop.search, { access: 'public', input: { q: 'query', page: 'query' } }),
  route('GET /mine', shop.mine, { access: {} }),
];

/** Refuses every caller that shows a credential. */
const authenticator: Authenticator = {
  credentials: ['bearer'],
  schemes: {},
  authenticate: ({ headers }) =>
    headers.some(([name]) => name === 'authorization')
      ? Promise.reject(new Fault('auth.invalid-token', 401, 'This token does not hold.'))
      : Promise.resolve(undefined),
  challenge: () => ({}),
};

const running: { stop(): Promise<void> }[] = [];
afterEach(() => Promise.all(running.splice(0).map((each) => each.stop())));

async function start(handlers: Parameters<typeof startShop>[0] = {}) {
  const service = await startShop(handlers);
  const gateway = await startTestGateway({ routes, shop: service.address, auth: () => ({ authenticator }) });
  running.push(gateway, service);
  const lines = (count: number) =>
    eventually(() => {
      const all = gateway
        .log()
        .split('\n')
        .filter((line) => line.includes('"msg":"answered"'));
      return all.length >= count ? all.map((line) => JSON.parse(line) as Record<string, unknown>) : undefined;
    });
  return { ...gateway, lines };
}

describe('the log', () => {
  test('has one line for a request: the trace, the route and not the address, status and time', async () => {
    const { http, lines } = await start();
    const traceId = 'c'.repeat(32);
    await http.get('/pages/a', { headers: { traceparent: `00-${traceId}-b7ad6b7169203331-01` } });
    const [line, ...more] = await lines(1);
    expect(line).toMatchObject({ level: 'info', method: 'GET', route: '/pages/:id', status: 200, traceId });
    expect([typeof line?.['tookMs'], typeof line?.['requestId'], more.length]).toEqual([
      'number',
      'string',
      0,
    ]);
    expect(line).not.toHaveProperty('degraded');
  });

  test('names the parts that an answer is without and why, and why a request was refused', async () => {
    const down = () => {
      throw new Fault('shop.down', 503, 'out of order');
    };
    const { http, lines } = await start({ reviews: down, search: down });
    await http.get('/pages/a');
    await http.get('/search?q=x');
    const [degraded, refused] = await lines(2);
    expect(degraded).toMatchObject({ status: 200, degraded: { stars: 'shop.down' } });
    expect(refused).toMatchObject({ status: 503, problem: 'shop.down' });
  });

  test('has no value of a query or a path, no token, no cookie, no body and no address of a client', async () => {
    const { http, lines, log } = await start();
    const secret = 'canary-7be2';
    const headers = {
      authorization: `Bearer ${secret}`,
      cookie: `id=${secret}`,
      'user-agent': secret,
      referer: `https://shop.example/?email=${secret}@example.org`,
      'x-forwarded-for': '203.0.113.9',
      baggage: `user=${secret}`,
      traceparent: secret,
    };
    await http.get(`/search?q=${secret}`, { headers: { ...headers, authorization: undefined } });
    await http.get(`/search?page=${secret}`, { headers: { ...headers, authorization: undefined } });
    await http.get(`/pages/${secret}?explain=1`);
    await http.get(`/nowhere/${secret}?q=${secret}`, { headers });
    await http.get('/mine', { headers });
    await http.post('/pages/a', { email: `${secret}@example.org` }, { headers });
    expect((await lines(6)).map(({ status }) => status).sort()).toEqual([200, 200, 400, 401, 404, 405]);
    expect([log().includes(secret), log().includes('203.0.113.9')]).toEqual([false, false]);
  });
});
