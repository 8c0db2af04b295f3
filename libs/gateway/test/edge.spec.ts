import { once } from 'node:events';
import { request, type IncomingMessage } from 'node:http';
import { brotliDecompressSync, constants, createBrotliDecompress, createGunzip, gunzipSync } from 'node:zlib';
import { Controller, Get } from '@nestjs/common';
import { afterEach, describe, expect, test } from '@jest/globals';
import { aggregate } from '@facet/aggregation';
import { eventually } from '@facet/testing';
import { definePolicy, type Policy } from '../src/policy.js';
import type { CorsPolicy } from '../src/http/cors-policy.js';
import { z } from 'zod';
import { Answers, Incoming, route, type GatewayRequest } from '../src/index.js';
import { rawExchange, startTestGateway, type TestGateway } from './support/gateway.js';
import { shop, startShop, type RunningShop } from './support/shop.js';

const page = aggregate('spec.page', { input: shop.item.input })
  .required('item', shop.item, { input: ({ input }) => input })
  .deferred('reviews', shop.reviews, { input: ({ input }) => input })
  .shape(({ item }) => ({ item }));

const pageAnswer = z.strictObject({ item: shop.item.output, reviews: shop.reviews.output.optional() });
const routes = [
  route('GET /search', shop.search, { access: 'public', input: { ids: 'query' } }),
  route('GET /items/:id', shop.item, { access: 'public', input: { id: 'path' } }),
  route('POST /notes', shop.note, {
    access: 'public',
    input: { idempotencyKey: 'header:idempotency-key', text: 'query', by: 'query' },
  }),
  route('GET /stream/:id', page, { access: 'public', answer: pageAnswer }),
];

@Controller()
class PageController {
  @Get('pages/:id')
  @Answers(page, { access: 'public', answer: pageAnswer })
  page(@Incoming() incoming: GatewayRequest) {
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

async function start(policy: Policy, handlers: Parameters<typeof startShop>[0] = {}): Promise<TestGateway> {
  shopRunning = await startShop(handlers);
  gateway = await startTestGateway({
    controllers: [PageController],
    routes,
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

  test.each([
    ['br;q=0.1, gzip', 'gzip'],
    ['identity, gzip;q=0.5', undefined],
    ['gzip;q=0, br;q=0', undefined],
    ['*', 'br'],
    ['GZIP', 'gzip'],
    ['deflate', undefined],
  ])('are sent as the weights of %s say, and vary by it in each form', async (accepted, coding) => {
    const { url } = await start({ compression: {} });
    const { headers } = await ask(url + many, { 'accept-encoding': accepted });
    expect([headers['content-encoding'], headers['vary']]).toEqual([coding, 'Accept-Encoding']);
  });

  test('vary by their form where they are whole, small, a problem or a 304', async () => {
    const { url } = await start({ compression: {}, cors: { origins: ['https://app.example.com'] } });
    const whole = await ask(`${url}/pages/a`);
    const known = await ask(`${url}/pages/a`, { 'if-none-match': String(whole.headers['etag']) });
    expect([whole.status, known.status]).toEqual([200, 304]);
    for (const { headers } of [whole, known]) expect(headers['vary']).toBe('Origin, Accept, Accept-Encoding');
    const problem = await ask(`${url}/nowhere`);
    expect(problem.headers['vary']).toBe('Origin, Accept-Encoding');
  });

  test('that are small are left as they are', async () => {
    const { url } = await start({ compression: { fromBytes: 5_000 } });
    const { headers } = await ask(`${url}/items/a`, { 'accept-encoding': 'br' });
    expect(headers['content-encoding']).toBeUndefined();
  });
});

describe('answers in pieces', () => {
  const unpack = {
    br: () => createBrotliDecompress({ flush: constants.BROTLI_OPERATION_FLUSH }),
    gzip: () => createGunzip({ flush: constants.Z_SYNC_FLUSH }),
  };

  /** The answer as soon as its header is there. */
  async function open(url: string, headers: Record<string, string>): Promise<IncomingMessage> {
    const sent = request(url, { headers });
    sent.on('error', () => undefined).end();
    const [answer] = (await once(sent, 'response')) as [IncomingMessage];
    return answer.on('error', () => undefined);
  }

  test.each([
    ['br', 'application/x-ndjson'],
    ['gzip', 'application/x-ndjson'],
    ['br', 'text/event-stream'],
    ['gzip', 'text/event-stream'],
  ] as const)(
    'are compressed too (%s, %s): each piece arrives before the next one is made',
    async (coding, accept) => {
      const gate = Promise.withResolvers<void>();
      const reviews = () => gate.promise.then(() => ({ stars: 5 }));
      const { url } = await start({ compression: {} }, { reviews });
      const answer = await open(`${url}/pages/x`, { accept, 'accept-encoding': coding });
      expect(answer.headers).toMatchObject({ 'content-encoding': coding, vary: 'Accept, Accept-Encoding' });
      const text = answer.pipe(unpack[coding]()).setEncoding('utf8');
      let seen = '';
      text.on('data', (chunk: string) => (seen += chunk));
      await eventually(() => /first.*"id":"x"/s.test(seen));
      expect(seen).not.toContain('stars');
      gate.resolve();
      await once(text, 'end');
      expect(seen).toMatch(/first.*part.*"stars":5.*end/s);
    },
  );

  test('are compressed by a route of their own as by a controller', async () => {
    const { url } = await start({ compression: {} });
    const { body } = await ask(`${url}/stream/x`, {
      accept: 'application/x-ndjson',
      'accept-encoding': 'gzip',
    });
    expect(gunzipSync(body).toString()).toMatch(/first.*part.*"stars":4.*end/s);
  });

  test('are left as they are for who takes no other, and vary by it all the same', async () => {
    const { url } = await start({ compression: {} });
    const { headers, body } = await ask(`${url}/pages/x`, { accept: 'application/x-ndjson' });
    expect([headers['content-encoding'], headers['vary']]).toEqual([undefined, 'Accept, Accept-Encoding']);
    expect(body.toString()).toMatch(/^\{"event":"first"/);
  });

  test('end the work that is under way when who reads them compressed goes away', async () => {
    const { url } = await start({ compression: {} }, { reviews: () => new Promise(() => undefined) });
    const answer = await open(`${url}/pages/x`, {
      accept: 'application/x-ndjson',
      'accept-encoding': 'gzip',
    });
    const asked = await eventually(() =>
      shopRunning?.requests.find(({ pattern }) => pattern === 'shop.reviews'),
    );
    expect(asked.signal.aborted).toBe(false);
    answer.destroy();
    await eventually(() => asked.signal.aborted);
  });
});

describe('pages of other sites', () => {
  const policy = { cors: { origins: ['https://app.example.com'] } };
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

  test('may send what the gateway reads and what its policy adds, and read what it says', async () => {
    const { url } = await start({
      cors: { origins: ['https://app.example.com'], headers: ['X-App-Version'], exposes: ['x-total'] },
    });
    const origin = 'https://app.example.com';
    const { headers } = await ask(`${url}/items/a`, { origin, ...preflight }, 'OPTIONS');
    const allowed = String(headers['access-control-allow-headers']).split(', ');
    expect(allowed).toEqual(
      expect.arrayContaining([
        ...['authorization', 'dpop', 'content-type', 'idempotency-key', 'if-none-match'],
        ...['traceparent', 'tracestate', 'baggage', 'x-app-version'],
      ]),
    );
    const answer = await ask(`${url}/items/a`, { origin });
    expect(String(answer.headers['access-control-expose-headers']).split(', ')).toEqual(
      expect.arrayContaining([
        ...['www-authenticate', 'ratelimit', 'ratelimit-policy', 'retry-after', 'etag', 'location'],
        ...['server-timing', 'x-total'],
      ]),
    );
  });

  test.each([
    ['headers', 'x app'],
    ['exposes', '*'],
  ])('cannot be given %s such as %p', (option, name) => {
    const cors = { ...policy.cors, [option]: [name] } as CorsPolicy;
    expect(() => definePolicy({ cors })).toThrow(`cors.${option}: got "${name}"`);
  });

  test('can read every answer: what is shed, refused early, unknown, unreadable or late', async () => {
    const origin = 'https://app.example.com';
    const burst = { requests: 2, seconds: 3_600 };
    const { url } = await start({
      ...policy,
      limits: { headersMs: 500, requestMs: 600 },
      rateLimits: {
        anonymous: { burst, sustained: { requests: 100, seconds: 3_600 } },
        callers: { burst, sustained: { requests: 100, seconds: 3_600 } },
        failures: { requests: 10, seconds: 3_600 },
      },
    });
    const seen: (readonly [unknown, unknown])[] = [];
    const paths = ['/items/a', '/items/a', '/items/a', '/items/a', '/items/a', '/nowhere', '/%zz'];
    for (const path of paths) {
      const { status, headers } = await ask(url + path, { origin });
      seen.push([status, headers['access-control-allow-origin']]);
    }
    expect(seen).toEqual([200, 200, 429, 429, 429, 429, 429].map((status) => [status, origin]));
    const late = `POST /notes HTTP/1.1\r\nHost: x\r\nOrigin: ${origin}\r\nContent-Type: application/json\r\nContent-Length: 9\r\n\r\n{`;
    expect((await rawExchange(url, late)).toLowerCase()).toContain(`access-control-allow-origin: ${origin}`);
  });

  test('may none where nothing is said of them', async () => {
    const { url } = await start({});
    const { headers } = await ask(`${url}/items/a`, { origin: 'https://app.example.com' });
    expect(headers['access-control-allow-origin']).toBeUndefined();
  });

  test.each(['*', 'app.example.com', 'https://app.example.com/'])('cannot be listed as %s', (origin) => {
    expect(() => definePolicy({ cors: { origins: [origin] } })).toThrow(`cors.origins: got "${origin}"`);
  });
});
