import { readdirSync } from 'node:fs';
import { request as httpRequest, type IncomingMessage, type OutgoingHttpHeaders } from 'node:http';
import { afterEach, describe, expect, test } from '@jest/globals';
import { eventuallyPasses } from '@facet/testing';
import { loadAssets } from '../src/http/assets.js';
import { madeUpGateway, serveConsole, type MadeUpGateway, type ServedConsole } from './support/inside.js';
import { makeDay, makeRecord } from './support/records.js';
import { homeRoute } from './support/shop.js';
import { temporaryFolder } from './support/folder.js';

const served: ServedConsole[] = [];
afterEach(async () => {
  for (const each of served.splice(0)) await each.stop();
});

async function start(
  more: Parameters<typeof madeUpGateway>[0] = {},
): Promise<ServedConsole & { made: MadeUpGateway }> {
  const made = madeUpGateway(more);
  const folder = temporaryFolder();
  const each = await serveConsole(made.inside, { folder });
  served.push(each);
  return { ...each, made };
}

interface Asked {
  readonly status: number;
  readonly headers: IncomingMessage['headers'];
  readonly text: string;
}

/** By `node:http`, which sends the path and the headers as they are given. */
function ask(
  url: string,
  path: string,
  { method = 'GET', headers = {} }: { method?: string; headers?: OutgoingHttpHeaders } = {},
): Promise<Asked> {
  const { hostname, port } = new URL(url);
  return new Promise((resolve, reject) => {
    httpRequest({ hostname, port, path, method, headers }, (response) => {
      let text = '';
      response.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
      response.on('end', () =>
        resolve({ status: response.statusCode ?? 0, headers: response.headers, text }),
      );
    })
      .on('error', reject)
      .end();
  });
}

/** Opens the stream and leaves it open; `read` has what came so far. */
async function open(url: string, headers: OutgoingHttpHeaders = {}) {
  const { hostname, port } = new URL(url);
  let text = '';
  const outgoing = httpRequest({ hostname, port, path: '/console/api/live', headers });
  const response = await new Promise<IncomingMessage>((resolve, reject) => {
    outgoing.on('response', resolve).on('error', reject).end();
  });
  response
    .setEncoding('utf8')
    .on('data', (chunk: string) => (text += chunk))
    .on('error', () => undefined);
  return { response, read: () => text, close: () => response.destroy() };
}

const apis = ['live', 'requests/1', 'logs/1', 'gateways'];

describe('every answer of the console', () => {
  test.each([
    '/console',
    '/console/page/main.js',
    '/console/nothing',
    '/console/api/requests/1',
    '/console/api/gateways',
  ])('%s allows nothing from elsewhere, nothing inline and nobody’s frame', async (path) => {
    const { url } = await start();
    const { headers } = await ask(url, path);
    expect(headers['content-security-policy']).toBe(
      "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self' data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
    );
    expect(headers).toMatchObject({
      'x-frame-options': 'DENY',
      'x-content-type-options': 'nosniff',
      'referrer-policy': 'no-referrer',
      'cross-origin-resource-policy': 'same-origin',
      'cache-control': 'no-store',
    });
    expect(headers).not.toHaveProperty('access-control-allow-origin');
    expect(headers).not.toHaveProperty('set-cookie');
  });
});

describe('the name that the console is asked by', () => {
  test.each(['localhost:3001', '127.0.0.1:3001', '[::1]:3001', '10.0.0.4'])(
    '%s is answered',
    async (host) => {
      const { url } = await start();
      expect(await ask(url, '/console', { headers: { host } })).toMatchObject({ status: 200 });
    },
  );

  test.each([
    'evil.example',
    'evil.example:3001',
    'localhost.evil.example',
    '127.0.0.1.evil.example',
    'localhost@evil.example',
    'local host',
  ])('%j is not, whatever it resolves to', async (host) => {
    const { url } = await start();
    for (const path of ['/console', '/console/page/main.js', ...apis.map((api) => `/console/api/${api}`)]) {
      expect(await ask(url, path, { headers: { host } })).toMatchObject({ status: 421 });
    }
  });
});

describe('another page', () => {
  test.each(['cross-site', 'same-site'])(
    'gets no data and causes no work: Sec-Fetch-Site %s',
    async (site) => {
      const { url, made } = await start();
      for (const api of apis) {
        const headers = { 'sec-fetch-site': site };
        expect(await ask(url, `/console/api/${api}`, { headers })).toMatchObject({ status: 403 });
      }
      expect(made.listeners('attempt')).toBe(0);
    },
  );

  test.each(['http://evil.example', 'null', 'http://localhost:9'])(
    'is told by its Origin %s too',
    async (origin) => {
      const { url } = await start();
      expect(await ask(url, '/console/api/gateways', { headers: { origin } })).toMatchObject({ status: 403 });
    },
  );

  test('cannot ask what if with what a form can send', async () => {
    const { url } = await start();
    for (const type of ['text/plain', 'application/x-www-form-urlencoded', 'multipart/form-data']) {
      const headers = { 'content-type': type };
      expect(await ask(url, '/console/api/what-if', { method: 'POST', headers })).toMatchObject({
        status: 415,
      });
    }
  });
});

test.each(['POST', 'PUT', 'DELETE', 'PATCH', 'OPTIONS', 'TRACE'])(
  '%s changes nothing: there is nothing that it could change',
  async (method) => {
    const { url } = await start();
    for (const path of [
      '/console',
      '/console/api/requests/1',
      '/console/api/gateways',
      '/console/api/live',
    ]) {
      expect(await ask(url, path, { method })).toMatchObject({ status: 405 });
    }
  },
);

test('a GET of what if is refused', async () => {
  const { url } = await start();
  expect(await ask(url, '/console/api/what-if')).toMatchObject({ status: 405, headers: { allow: 'POST' } });
});

describe('files', () => {
  test('are those of the page and no others, on whatever path they are asked for', async () => {
    const { url } = await start();
    const hostile = [
      ...[
        '/console/../package.json',
        '/console/page/../../package.json',
        '/console/page/..%2f..%2fpackage.json',
      ],
      ...[
        '/console/%2e%2e/%2e%2e/package.json',
        '/console/page/....//....//package.json',
        '/console//etc/passwd',
      ],
      ...[
        '/console/page/main.ts',
        '/console/page/../console.js',
        '/console/lit/../package.json',
        '/console/lit/node/lit-html.js',
      ],
      ...[
        '/console/__proto__',
        '/console/api/__proto__',
        '/console/api/constructor',
        '/console/page/main.js%00.css',
        '/console/page\\main.js',
      ],
    ];
    for (const path of hostile) expect([path, (await ask(url, path)).status]).toEqual([path, 404]);
  });

  test('are all that the page needs, with their types', async () => {
    const { url } = await start();
    const index = (await ask(url, '/console')).text;
    for (const [, path = ''] of index.matchAll(/(?:href|src)="(\/console\/[^"]+)"/g)) {
      expect([path, (await ask(url, path)).status]).toEqual([path, 200]);
    }
    expect((await ask(url, '/console/page/main.js')).headers['content-type']).toMatch('text/javascript');
    expect((await ask(url, '/console/lit/lit-html.js')).headers['content-type']).toMatch('text/javascript');
    expect(readdirSync(new URL('../src/page', import.meta.url)).length).toBeGreaterThan(10);
    const assets = loadAssets('/console');
    const imports = [...assets].flatMap(([path, { body }]) =>
      [...body.matchAll(/from ?['"]([^'"]+)['"]/g)].map(([, name = '']) => new URL(name, `http://x${path}`)),
    );
    expect(imports.length).toBeGreaterThan(50);
    for (const { host, pathname } of imports)
      expect([host, assets.has(pathname), pathname]).toEqual(['x', true, pathname]);
  });
});

describe('a console with a token', () => {
  const token = 'a-token-of-thirty-two-characters-or-more';

  test('serves its page, and no data without the token', async () => {
    const { url, made } = await start({ token, production: true });
    expect(await ask(url, '/console')).toMatchObject({ status: 200 });
    const wrong = [
      '',
      'Bearer',
      `Bearer ${token}x`,
      `Bearer ${token.slice(1)}`,
      `bearer ${token}`,
      token,
      `Basic ${token}`,
    ];
    for (const api of [...apis, 'what-if']) {
      for (const authorization of wrong) {
        const { status, headers } = await ask(url, `/console/api/${api}`, { headers: { authorization } });
        expect([api, authorization, status]).toEqual([api, authorization, 401]);
        expect(headers['www-authenticate']).toBe('Bearer');
      }
      expect(
        (await ask(url, `/console/api/${api}?token=${token}`, { headers: { cookie: `token=${token}` } }))
          .status,
      ).toBe(401);
    }
    expect(made.listeners('attempt')).toBe(0);
    expect(
      (await ask(url, '/console/api/gateways', { headers: { authorization: `Bearer ${token}` } })).status,
    ).toBe(200);
  });

  test('says nothing of the token', async () => {
    const { url } = await start({ token });
    const stream = await open(url, { authorization: `Bearer ${token}` });
    await eventuallyPasses(() => expect(stream.read()).toMatch('event: hello'));
    expect(stream.read()).not.toMatch(token);
    stream.close();
  });

  test('keeps nothing on the disk and reads no logs in production', async () => {
    const made = madeUpGateway({ token, production: true });
    const folder = temporaryFolder();
    const console = await serveConsole(made.inside, { folder });
    made.end(makeRecord({ over: { status: 503 } }));
    await console.stop();
    expect(readdirSync(folder)).toEqual([]);
  });
});

test('without a token nobody from elsewhere is answered, should the admin port be open to them', async () => {
  const { made } = await start();
  const { refusedPeer } = await import('../src/http/guard.js');
  expect(made.inside.token).toBeUndefined();
  for (const address of ['10.1.2.3', '192.168.1.5', '::ffff:10.1.2.3', '2001:db8::1', undefined]) {
    expect(refusedPeer(address)).toMatchObject({ status: 403 });
  }
  for (const address of ['127.0.0.1', '127.9.9.9', '::1', '::ffff:127.0.0.1'])
    expect(refusedPeer(address)).toBeUndefined();
});

describe('streams', () => {
  test('are sixteen at most', async () => {
    const { url } = await start();
    const streams = await Promise.all(Array.from({ length: 16 }, () => open(url)));
    await eventuallyPasses(() =>
      expect(streams.every(({ read }) => read().includes('event: hello'))).toBe(true),
    );
    expect(await ask(url, '/console/api/live')).toMatchObject({ status: 503 });
    streams[0]?.close();
    await eventuallyPasses(async () => {
      const again = await open(url);
      const { statusCode } = again.response;
      again.close();
      expect(statusCode).toBe(200);
    });
    for (const { close } of streams) close();
  });

  test('end what they cost when the last one is closed', async () => {
    const { url, made } = await start();
    expect([made.listeners('attempt'), made.askers]).toEqual([0, 0]);
    const stream = await open(url);
    await eventuallyPasses(() => expect([made.listeners('attempt'), made.askers]).toEqual([1, 1]));
    expect(made.end(makeRecord())).toBe(true);
    stream.close();
    await eventuallyPasses(() => expect([made.listeners('attempt'), made.askers]).toEqual([0, 0]));
    expect(made.end(makeRecord())).toBe(false);
  });

  test('are told of few requests at a time, however many there are', async () => {
    const { url, made } = await start();
    const stream = await open(url);
    await eventuallyPasses(() => expect(stream.read()).toMatch('event: hello'));
    const read = makeDay(2_000)
      .filter(({ status, degraded }) => status === 200 && degraded.length === 0)
      .filter((record) => made.end(record));
    expect(read.length).toBe(10);
    await eventuallyPasses(() => expect(stream.read()).toMatch(/"more":1\d\d\d/));
    stream.close();
  });
});

describe('while nobody looks', () => {
  test('what failed, was partial or slow is kept, and of the others nothing is read', async () => {
    const { url, made } = await start();
    const well = makeRecord({ seed: 1 });
    const failed = makeRecord({ seed: 2, fates: { featured: 'gone' } });
    const partial = makeRecord({ seed: 3, fates: { stock: 'gone' } });
    const slow = makeRecord({ seed: 4, over: { durationMs: 1_500 } });
    const refused = makeRecord({ seed: 5, over: { status: 404 } });
    expect([well, failed, partial, slow, refused].map((each) => made.end(each))).toEqual([
      false,
      true,
      true,
      true,
      false,
    ]);
    expect((await ask(url, `/console/api/requests/${failed.id}`)).status).toBe(200);
    expect((await ask(url, `/console/api/requests/${partial.traceId}`)).status).toBe(200);
    expect((await ask(url, `/console/api/requests/${well.id}`)).status).toBe(404);
  });

  test('a request is slow by the objective of its route, where it has one', async () => {
    const strict = { ...homeRoute, slo: { latencyMs: 40 } };
    const { made } = await start({ routes: [strict] });
    const took = (durationMs: number, route = '/v1/home') =>
      made.end(makeRecord({ over: { durationMs, route } }));
    expect([took(39), took(41), took(41, '/v1/other')]).toEqual([false, true, false]);
  });

  test('a storm of failures costs no more than ten records a second', async () => {
    const { made } = await start();
    const read = Array.from({ length: 5_000 }, (_, seed) =>
      makeRecord({ seed: 1, over: { status: 503, id: String(seed) } }),
    ).filter((each) => made.end(each));
    expect(read.length).toBeLessThanOrEqual(20);
    expect(read.length).toBeGreaterThanOrEqual(10);
  });
});
