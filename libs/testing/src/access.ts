import { beforeAll, describe, expect, test } from '@jest/globals';
import { routesOf, type Document, type Route } from './access-document.js';
import { testObjects } from './access-objects.js';
import { keyFor, pathOf, send, type AccessExpectations, type Credential, type Sent } from './access-walk.js';

export { manyVisitors } from './access-walk.js';
export type { AccessExpectations, Credential } from './access-walk.js';

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
    ask: ({ method, path }: Route, headers?: Credential) => request(method, pathOf(path), headers),
    askFor: (route: Route, headers: Credential, sent: Sent) =>
      send(url(), {
        ...sent,
        method: route.method,
        headers: { ...keyFor(route.method), ...always, ...headers },
      }),
  };
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
      const { status, route: asked } = await ask(route, await expected.users[0]());
      expect({ asked, isRefused: [401, 403].includes(status) }).toEqual({ asked, isRefused: false });
    }
  });
}

function testSpellings(expected: AccessExpectations, { all, closed, request }: Walk): void {
  test('Z2 every method that a path does not have is refused, also with a credential', async () => {
    const full = await expected.users[0]();
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
