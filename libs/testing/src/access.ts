import { randomUUID } from 'node:crypto';
import { request as httpRequest } from 'node:http';
import { beforeAll, describe, expect, test } from '@jest/globals';

/** The headers that carry a credential. */
export type Credential = Readonly<Record<string, string>>;

export interface AccessExpectations {
  /** The gateway's address, once it runs. */
  readonly url: () => string;
  /** The routes that everybody may use, `GET /v1/home` as OpenAPI writes it. Any other that is public fails. */
  readonly publicRoutes: readonly string[];
  /** What else belongs to the gateway's kind of client on every request, `x-csrf` for example. */
  readonly always?: Credential;
  /** One that may use every route. */
  readonly full: () => Credential | Promise<Credential>;
  /** One of the same kind, without any scope, where one can be had. */
  readonly powerless?: () => Credential | Promise<Credential>;
  /** Credentials that this gateway must refuse, by what they are: those of the other kinds of client. */
  readonly foreign: Readonly<Record<string, () => Credential | Promise<Credential>>>;
  /** For each route with an id that is not public: an id of the full caller's own, and one of somebody else. */
  readonly objects: Readonly<
    Record<string, () => Promise<{ readonly own: string; readonly theirs: string }>>
  >;
}

interface Route {
  /** `GET /v1/orders/{id}` */
  readonly name: string;
  readonly method: string;
  readonly path: string;
  readonly isPublic: boolean;
  readonly scopes: readonly string[];
}

interface Document {
  readonly paths: Readonly<
    Record<string, Readonly<Record<string, { readonly security: readonly Record<string, string[]>[] }>>>
  >;
}

interface Reply {
  /** What was asked, so that a failed expectation shows it. */
  readonly route: string;
  readonly status: number;
  readonly body: string;
}

const METHODS = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'];

/**
 * Registers tests that walk the gateway's own OpenAPI document: every route × no credential, every foreign kind of
 * credential, too little scope, somebody else's object, another method, another spelling. A route that is added later
 * is walked too; one that is public, or has an id, has to be named here first.
 */
export function describeAccess(expected: AccessExpectations): void {
  const walk = createWalk(expected);
  beforeAll(() => walk.read());
  describe('who may use the routes', () => {
    testCredentials(expected, walk);
    testObjects(expected, walk);
    testSpellings(expected, walk);
  });
}

/**
 * What a gateway is started with whose routes are walked: each request names an address of its own as a proxy would, as
 * all together are more than the plan of one visitor takes.
 */
export const manyVisitors = { TRUSTED_PROXIES: '127.0.0.1' };

let visitors = 0;

/** An address of 10.0.0.0/8 that was not given before. */
function nextVisitor(): string {
  visitors += 1;
  return `10.0.${visitors >> 8}.${visitors & 255}`;
}

/** Expects a gateway to refuse a credential, on every route that is not for everybody. */
export async function expectRefused(url: string, credential: Credential): Promise<void> {
  const json = await send(url, { method: 'GET', path: '/openapi.json', headers: {} });
  const closed = routesOf(JSON.parse(json.body) as Document).filter(({ isPublic }) => !isPublic);
  expect(closed).not.toEqual([]);
  for (const { method, path } of closed) {
    const headers = { ...keyFor(method), 'x-csrf': '1', ...credential };
    expect(await send(url, { method, path: pathOf(path), headers })).toMatchObject({ status: 401 });
  }
}

type Walk = ReturnType<typeof createWalk>;

function createWalk({ url, always = {} }: AccessExpectations) {
  let routes: Route[] = [];
  const request = (method: string, path: string, headers: Credential = {}) =>
    send(url(), { method, path, headers: { ...keyFor(method), ...always, ...headers } });
  return {
    async read() {
      const { status, body } = await request('GET', '/openapi.json');
      expect(status).toBe(200);
      routes = routesOf(JSON.parse(body) as Document);
    },
    all: () => routes,
    closed: () => routes.filter(({ isPublic }) => !isPublic),
    request,
    ask: ({ method, path }: Route, headers?: Credential, id?: string) =>
      request(method, pathOf(path, id), headers),
  };
}

/** Routes that change something may require one; those that do not pay no attention to it. */
function keyFor(method: string): Credential {
  return method === 'GET' ? {} : { 'idempotency-key': randomUUID() };
}

function pathOf(path: string, id = 'nothing-1'): string {
  return path.replaceAll(/\{\w+\}/g, id);
}

function testCredentials(expected: AccessExpectations, { all, ask, closed }: Walk): void {
  test('Z2 only the routes that are named here are public', () => {
    const open = all()
      .filter(({ isPublic }) => isPublic)
      .map(({ name }) => name);
    expect(open.sort()).toEqual([...expected.publicRoutes].sort());
  });

  test('Z2 every other route refuses who has no credential, with 401', async () => {
    for (const route of closed()) expect(await ask(route)).toMatchObject({ status: 401 });
  });

  test.each(Object.keys(expected.foreign))('Z2 every route refuses %s', async (kind) => {
    const credential = (await expected.foreign[kind]?.()) ?? {};
    expect(closed()).not.toEqual([]);
    for (const route of closed()) expect(await ask(route, credential)).toMatchObject({ status: 401 });
  });

  test('Z2 too little scope is refused with 403, and enough is let in', async () => {
    const powerless = await expected.powerless?.();
    for (const route of closed()) {
      if (powerless !== undefined && route.scopes.length > 0)
        expect(await ask(route, powerless)).toMatchObject({ status: 403 });
      // A new one each time: some routes end what they are used with.
      const { status, route: asked } = await ask(route, await expected.full());
      expect({ asked, isRefused: [401, 403].includes(status) }).toEqual({ asked, isRefused: false });
    }
  });
}

function testObjects(expected: AccessExpectations, { ask, closed }: Walk): void {
  test("Z1 somebody else's object is refused with 403 or 404, like one that is not there, and one's own is answered", async () => {
    const withId = closed().filter(({ path }) => path.includes('{'));
    expect(withId.map(({ name }) => name).sort()).toEqual(Object.keys(expected.objects).sort());
    for (const route of withId) {
      const full = await expected.full();
      const { own, theirs } = (await expected.objects[route.name]?.()) ?? { own: '', theirs: '' };
      expect(await ask(route, full, own)).toMatchObject({ status: 200 });
      const refused = await ask(route, full, theirs);
      expect([403, 404]).toContain(refused.status);
      expect(refused.status).toBe((await ask(route, full)).status);
    }
  });
}

function testSpellings(expected: AccessExpectations, { all, closed, request }: Walk): void {
  test('Z2 every method that a path does not have is refused, also with a credential', async () => {
    const full = await expected.full();
    for (const path of new Set(all().map((route) => route.path))) {
      const taken = all()
        .filter((route) => route.path === path)
        .map(({ method }) => method);
      for (const method of METHODS.filter((each) => !taken.includes(each))) {
        const { status } = await request(method, pathOf(path), full);
        expect([404, 405]).toContain(status);
      }
    }
  });

  test('Z5 no other spelling of a path gets round its rule', async () => {
    for (const route of closed()) {
      const path = pathOf(route.path);
      for (const spelling of spellings(path, expected.url())) {
        const { status } = await request(route.method, spelling);
        expect({ spelling, refused: [400, 401, 404, 405].includes(status) }).toEqual({
          spelling,
          refused: true,
        });
      }
    }
  });
}

function spellings(path: string, url: string): string[] {
  const encoded = path.replace(/[a-z]/, (letter) => `%${letter.charCodeAt(0).toString(16)}`);
  return [
    encoded,
    `/${path}`,
    path.replace(/\/(?=[^/]*$)/, '//'),
    `${path};x=1`,
    `${path}/`,
    path.toUpperCase(),
    `/x/..${path}`,
    `${path}%00`,
    new URL(path, url).href,
  ];
}

function routesOf({ paths }: Document): Route[] {
  return Object.entries(paths).flatMap(([path, operations]) =>
    Object.entries(operations).map(([verb, { security }]) => {
      const method = verb.toUpperCase();
      const scopes = [...new Set(security.flatMap((scheme) => Object.values(scheme).flat()))];
      return { name: `${method} ${path}`, method, path, isPublic: security.length === 0, scopes };
    }),
  );
}

interface Asked {
  readonly method: string;
  /** As it is written on the wire: no client corrects it. */
  readonly path: string;
  readonly headers: Credential;
}

function send(url: string, asked: Asked): Promise<Reply> {
  const { method, path } = asked;
  const { hostname, port } = new URL(url);
  const headers = { 'x-forwarded-for': nextVisitor(), ...asked.headers };
  return new Promise((resolve, reject) => {
    const sent = httpRequest({ hostname, port, method, path, headers, agent: false }, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('end', () =>
        resolve({
          route: `${method} ${path}`,
          status: response.statusCode ?? 0,
          body: Buffer.concat(chunks).toString(),
        }),
      );
    });
    sent.once('error', reject);
    sent.setTimeout(20_000, () => sent.destroy(new Error(`${method} ${path} was not answered in 20 s`)));
    sent.end();
  });
}
