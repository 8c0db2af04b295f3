import { id, query, service } from '@facet/contracts';
import { headerValues, type Authenticator } from '@facet/access';
import fastify from 'fastify';
import { afterEach, expect, test } from '@jest/globals';
import { z } from 'zod';
import { route } from '../src/index.js';
import { startTestGateway } from './support/gateway.js';

const users = service('users', {
  user: query({
    summary: 'One user',
    http: { method: 'GET', path: '/users/{id}' },
    input: z.strictObject({ id: id('user', { owner: 'nobody', schema: z.string() }) }),
    output: z.object({ id: z.string(), name: z.string() }),
  }),
  me: query({
    summary: 'Whom the service takes the caller for',
    http: { method: 'GET', path: '/me' },
    input: z.strictObject({}),
    output: z.object({ user: z.string().nullable(), roles: z.string().nullable() }),
  }),
  news: query({
    summary: 'What the service lets be reused for as long as it says',
    http: { method: 'GET', path: '/news' },
    input: z.strictObject({ control: z.string() }),
    output: z.object({ n: z.int() }),
    freshness: { ttlMs: 60_000, fromService: true },
  }),
  bare: query({ summary: 'Not for HTTP', input: z.strictObject({}), output: z.object({}) }),
});

const closers: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});

async function startUsers(): Promise<string> {
  const app = fastify();
  app.get<{ Params: { id: string } }>('/users/:id', ({ params }, reply) =>
    params.id === 'none'
      ? reply.code(404).type('application/problem+json').send({ title: 'Not Found', detail: 'No such user' })
      : { id: params.id, name: 'Ada', password: 'hunter2' },
  );
  app.get('/me', ({ headers }) => ({
    user: headers['x-user-id'] ?? null,
    roles: headers['x-roles'] ?? null,
  }));
  let asked = 0;
  app.get<{ Querystring: { control: string } }>('/news', ({ query: { control } }, reply) =>
    reply.header('cache-control', control).send({ n: ++asked }),
  );
  closers.push(() => app.close());
  return app.listen({ host: '127.0.0.1', port: 0 });
}

const services = { users: { kind: 'http', port: 1 } } as const;
const routes = [route('GET /users/:id', users.user, { access: 'public', input: { id: 'path' } })];

test('a service that speaks HTTP is passed on, cut to its contract, with its refusals', async () => {
  const url = await startUsers();
  const gateway = await startTestGateway({ routes, services, env: { USERS_ADDRESSES: url } });
  closers.push(() => gateway.stop());
  expect((await gateway.http.get('/users/a%20b')).data).toEqual({ id: 'a b', name: 'Ada' });
  const none = await gateway.http.get<{ detail: string }>('/users/none');
  expect([none.status, none.data.detail]).toEqual([404, 'No such user']);
});

test('an operation without a method and a path keeps a gateway from starting', async () => {
  const start = startTestGateway({
    routes: [route('GET /bare', users.bare, { access: 'public' })],
    services,
  });
  await expect(start).rejects.toThrow(
    'users.bare: users speaks HTTP, and the contract has no http: { method, path } for it',
  );
});

test('settings of its services may come from the configuration', async () => {
  const upstreams = () => ({ users: { http: { probePath: 'no path' } } });
  await expect(startTestGateway({ routes, services, upstreams })).rejects.toThrow(
    'users.http.probePath: got "no path"',
  );
});

const authenticator: Authenticator = {
  credentials: ['bearer'],
  schemes: { token: { type: 'http', scheme: 'bearer' } },
  authenticate: (request) =>
    Promise.resolve(
      headerValues(request, 'authorization').length === 0
        ? undefined
        : {
            ...{ subject: 'ada', kind: 'user', client: 'spec', credential: 'bearer' },
            ...{ scopes: [], roles: ['editor', 'admin'] },
          },
    ),
  challenge: () => ({}),
};

test('a service is told who calls in its own way, and never by the client itself', async () => {
  const gateway = await startTestGateway({
    ...{ services, routes: [route('GET /me', users.me, { access: 'public' })] },
    auth: () => Promise.resolve({ authenticator }),
    upstreams: {
      users: {
        caller: [
          { header: 'x-user-id', from: 'subject' },
          { header: 'x-roles', from: 'roles' },
        ],
      },
    },
    env: { USERS_ADDRESSES: await startUsers() },
  });
  closers.push(() => gateway.stop());
  const forged = { 'x-user-id': 'root', 'x-roles': 'root' };
  const visitor = await gateway.http.get('/me', { headers: forged });
  expect(visitor.data).toEqual({ user: null, roles: null });
  const ada = await gateway.http.get('/me', { headers: { ...forged, authorization: 'Bearer ada' } });
  expect(ada.data).toEqual({ user: 'ada', roles: 'editor admin' });
});

test.each([
  ['max-age=600', [1, 1], 60],
  ['max-age=20', [1, 1], 20],
  ['no-store', [1, 2], 0],
  ['max-age=0', [1, 2], 0],
])(
  'an answer with Cache-Control %s is reused as its service lets it, here and by the client',
  async (control, seen, left) => {
    const gateway = await startTestGateway({
      ...{
        services,
        routes: [route('GET /news', users.news, { access: 'public', input: { control: 'query' } })],
      },
      ...{ policy: { cache: {} }, env: { USERS_ADDRESSES: await startUsers() } },
    });
    closers.push(() => gateway.stop());
    const get = () => gateway.http.get<{ n: number }>('/news', { params: { control } });
    const { data, headers } = await get();
    expect([data.n, (await get()).data.n]).toEqual(seen);
    const maxAge = /max-age=(\d+)/.exec(String(headers['cache-control']))?.[1];
    const spent = Number(headers['age'] ?? 0);
    expect(Math.abs(Number(maxAge) - spent - left)).toBeLessThanOrEqual(1);
  },
);
