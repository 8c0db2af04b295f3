import { request } from 'node:http';
import { brotliDecompressSync, gunzipSync } from 'node:zlib';
import { Controller, Get } from '@nestjs/common';
import { afterEach, describe, expect, test } from '@jest/globals';
import { aggregate } from '@facet/aggregation';
import { definePolicy, type Policy } from '@facet/policy';
import { z } from 'zod';
import { Answers, Incoming, passThrough, route, type IncomingRequest } from '../src/index.js';
import { startTestGateway, type TestGateway } from './support/gateway.js';
import { shop, startShop, type RunningShop } from './support/shop.js';

const routes = passThrough([
  route('GET /search', shop.search, { access: 'public', input: { ids: 'query' } }),
  route('GET /items/:id', shop.item, { access: 'public', input: { id: 'path' } }),
  route('POST /notes', shop.note, {
    access: 'public',
    input: { idempotencyKey: 'header:idempotency-key', text: 'query', by: 'query' },
  }),
]);

const page = aggregate('spec.page', { input: shop.item.input })
  .required('item', shop.item, { input: ({ input }) => input })
  .deferred('reviews', shop.reviews, { input: ({ input }) => input })
  .shape(({ item }) => ({ item }));

@Controller()
class PageController {
  @Get('pages/:id')
  @Answers(page, {
    access: 'public',
    answer: z.strictObject({ item: shop.item.output, reviews: shop.reviews.output.optional() }),
  })
  page(@Incoming() incoming: IncomingRequest) {
    return incoming.answer(page);
  }
}

const many = `/search?ids=${Array.from({ length: 200 }, (_, index) => `item-${index}`).join(',')}`;

let gateway: TestGateway | undefined;
let shopRunning: RunningShop | undefined;
afterEach(async () => {
  await gateway?.stop();
  await shopRunning?.stop();
});

async function start(policy: Policy): Promise<TestGateway> {
  shopRunning = await startShop();
  gateway = await startTestGateway({
    controllers: [routes, PageController],
    shop: shopRunning.address,
    policy,
  });
  return gateway;
}

/** As it comes over the wire: nothing is unpacked. */
function ask(url: string, headers: Record<string, string> = {}, method = 'GET') {
  return new Promise<{ status: number; headers: Record<string, unknown>; body: Buffer }>(
    (resolve, reject) => {
      const sent = request(url, { method, headers }, (answer) => {
        const chunks: Buffer[] = [];
        answer.on('data', (chunk: Buffer) => chunks.push(chunk));
        answer.on('end', () =>
          resolve({ status: answer.statusCode ?? 0, headers: answer.headers, body: Buffer.concat(chunks) }),
        );
      });
      sent.on('error', reject).end();
    },
  );
}

describe('answers', () => {
  test('are sent smaller to who takes them so, and are the same', async () => {
    const { url } = await start({ compression: {} });
    const plain = await ask(url + many);
    expect(plain.headers['content-encoding']).toBeUndefined();
    const brotli = await ask(url + many, { 'accept-encoding': 'gzip, br' });
    expect(brotli.headers['content-encoding']).toBe('br');
    expect(brotliDecompressSync(brotli.body).equals(plain.body)).toBe(true);
    const gzip = await ask(url + many, { 'accept-encoding': 'gzip' });
    expect(gunzipSync(gzip.body).equals(plain.body)).toBe(true);
    expect(String(gzip.headers['vary'])).toMatch(/accept-encoding/i);
    expect(brotli.body.length * 4).toBeLessThan(plain.body.length);
  });

  test('are known by their ETag in either form', async () => {
    const { url } = await start({ compression: {} });
    const { headers } = await ask(url + many, { 'accept-encoding': 'br' });
    const etag = String(headers['etag']);
    expect(etag).toMatch(/^W\/"/);
    for (const accept of ['br', 'identity']) {
      const again = await ask(url + many, { 'accept-encoding': accept, 'if-none-match': etag });
      expect([again.status, again.body.length]).toEqual([304, 0]);
    }
  });

  test('that are small are left as they are', async () => {
    const { url } = await start({ compression: { fromBytes: 5_000 } });
    const { headers } = await ask(`${url}/items/a`, { 'accept-encoding': 'br' });
    expect(headers['content-encoding']).toBeUndefined();
  });
});

describe('pages of other sites', () => {
  const policy: Policy = { cors: { origins: ['https://app.example.com'] } };
  const preflight = { 'access-control-request-method': 'GET' };

  test('that are listed may call, without cookies', async () => {
    const { url } = await start(policy);
    const origin = 'https://app.example.com';
    const asked = await ask(`${url}/items/a`, { origin, ...preflight }, 'OPTIONS');
    expect(asked.status).toBe(204);
    expect(asked.headers['access-control-allow-origin']).toBe(origin);
    expect(asked.headers['access-control-allow-credentials']).toBeUndefined();
    const { headers } = await ask(`${url}/items/a`, { origin });
    expect(headers['access-control-allow-origin']).toBe(origin);
    expect(String(headers['vary'])).toMatch(/origin/i);
  });

  test.each([
    ['an answer', 'application/json'],
    ['an answer in pieces', 'application/x-ndjson'],
  ])('get %s that varies with its origin too', async (_, accept) => {
    const { url } = await start(policy);
    const { headers } = await ask(`${url}/pages/a`, { origin: 'https://app.example.com', accept });
    expect(headers['vary']).toBe('Origin, Accept');
  });

  test('get an answer again that varies with its origin, said once', async () => {
    const { url } = await start({ ...policy, idempotency: {} });
    const headers = { origin: 'https://app.example.com', 'idempotency-key': 'key-00001' };
    await ask(`${url}/notes?text=hello&by=ann`, headers, 'POST');
    const again = await ask(`${url}/notes?text=hello&by=ann`, headers, 'POST');
    expect(again.headers).toMatchObject({ 'idempotency-replayed': 'true', vary: 'Origin' });
  });

  test.each([
    'https://evil.example.com',
    'null',
    'https://app.example.com.evil.com',
    'http://app.example.com',
  ])('W8 that are not (%s) get no word of it', async (origin) => {
    const { url } = await start(policy);
    const asked = await ask(`${url}/items/a`, { origin, ...preflight }, 'OPTIONS');
    const called = await ask(`${url}/items/a`, { origin });
    for (const { headers } of [asked, called]) {
      expect(headers['access-control-allow-origin']).toBeUndefined();
      expect(headers['access-control-allow-credentials']).toBeUndefined();
    }
  });

  test.each([{ origin: 'https://app.example.com' }, preflight])(
    'that ask incompletely (%p) are refused as by any other route',
    async (headers) => {
      const { url } = await start(policy);
      const answer = await ask(`${url}/items/a`, headers, 'OPTIONS');
      expect([answer.status, answer.headers['content-type']]).toEqual([
        400,
        'application/problem+json; charset=utf-8',
      ]);
    },
  );

  test('may none where nothing is said of them', async () => {
    const { url } = await start({});
    const { headers } = await ask(`${url}/items/a`, { origin: 'https://app.example.com' });
    expect(headers['access-control-allow-origin']).toBeUndefined();
  });

  test.each(['*', 'app.example.com', 'https://app.example.com/'])('cannot be listed as %s', (origin) => {
    expect(() => definePolicy({ cors: { origins: [origin] } })).toThrow(`cors.origins: got "${origin}"`);
  });
});
