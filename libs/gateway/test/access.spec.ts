import { Controller, Get } from '@nestjs/common';
import { afterEach, describe, expect, test } from '@jest/globals';
import { aggregate } from '@facet/aggregation';
import { type Authenticator, type PluginRoute, headerValues } from '@facet/access';
import type { Caller } from '@facet/contracts';
import { Fault } from '@facet/platform';
import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { Answers, Incoming, RequireAccess, route, type GatewayRequest } from '../src/index.js';
import { startTestGateway, type TestGateway } from './support/gateway.js';
import { shop, startShop, type RunningShop } from './support/shop.js';

const mine = aggregate('spec.mine', { input: shop.item.input })
  .required('item', shop.item, { input: ({ input }) => input })
  .shape(({ item, caller }) => ({ item, of: caller?.subject }));

const mineAnswer = z.strictObject({ item: shop.item.output, of: z.string().optional() });

@Controller()
class MineController {
  @Get('mine/:id')
  @Answers(mine, { access: { scopes: ['read'] }, answer: mineAnswer })
  mine(@Incoming() request: GatewayRequest) {
    return request.answer(mine);
  }
}

const notes = [
  route('POST /notes', shop.note, {
    access: { scopes: ['write'] },
    input: { idempotencyKey: 'header:idempotency-key', text: 'body', by: 'caller:subject' },
  }),
];

const callers: Record<string, Caller> = {
  reader: {
    ...{ subject: 'ada', kind: 'user', client: 'spec', scopes: ['read'], roles: [], credential: 'bearer' },
  },
  writer: {
    ...{
      subject: 'bob',
      kind: 'user',
      client: 'spec',
      scopes: ['read', 'write'],
      roles: [],
      credential: 'bearer',
    },
  },
};

const authenticator: Authenticator = {
  credentials: ['bearer'],
  schemes: { token: { type: 'http', scheme: 'bearer' } },
  authenticate: async (request) => {
    const [header] = headerValues(request, 'authorization');
    if (header === undefined) return undefined;
    const caller = callers[header.replace('Bearer ', '')];
    if (caller === undefined) throw new Fault('auth.invalid', 401, 'That is nobody.');
    return Promise.resolve(caller);
  },
  challenge: (fault) => ({ 'www-authenticate': `Bearer error="${fault.code}"` }),
};

const running: { stop(): Promise<void> }[] = [];
afterEach(() => Promise.all(running.splice(0).map((each) => each.stop())));

async function start(): Promise<{ gateway: TestGateway; service: RunningShop }> {
  const service = await startShop();
  const gateway = await startTestGateway({
    controllers: [MineController],
    routes: notes,
    shop: service.address,
    auth: () => ({ authenticator }),
    assertCaller: () => (caller, to) => `${caller?.subject ?? 'visitor'} to ${to}`,
  });
  running.push(gateway, service);
  return { gateway, service };
}

const as = (who: string) => ({ headers: { authorization: `Bearer ${who}` } });

describe('Z2 a gateway', () => {
  test('does not start with a route that does not say who may use it, and names it', async () => {
    @Controller('v1')
    class OpenController {
      @Get('forgotten')
      forgotten() {
        return {};
      }
    }
    await expect(startTestGateway({ controllers: [OpenController] })).rejects.toThrow(
      'these routes do not say who may use them: GET /v1/forgotten (OpenController.forgotten)',
    );
  });

  test('does not start with a closed route where nobody can be proven', async () => {
    await expect(startTestGateway({ controllers: [MineController] })).rejects.toThrow('GET /mine/:id');
  });

  test('does not start with a route to a service that has no addresses', async () => {
    const elsewhere = route('GET /x', { ...shop.search, service: 'warehouse' }, { access: 'public' });
    await expect(startTestGateway({ routes: [elsewhere] })).rejects.toThrow(
      'routes call warehouse, which the configuration does not place',
    );
  });

  test('holds routes that guard themselves to the same: each is declared, and then documented', async () => {
    const routes = async (app: FastifyInstance) => {
      app.get('/auth/user', () => ({}));
      app.post('/auth/logout', () => ({}));
      return Promise.resolve();
    };
    const user: PluginRoute = {
      ...{ method: 'GET', path: '/auth/user', access: { kind: 'user' }, summary: 'Who is signed in' },
      responses: { 200: 'What may be known' },
    };
    const logout: PluginRoute = { ...user, method: 'POST', path: '/auth/logout' };
    const start = (...paths: PluginRoute[]) =>
      startTestGateway({ controllers: [], auth: () => ({ authenticator, routes, paths }) });
    await expect(start(user)).rejects.toThrow('do not say who may use them: POST /auth/logout');
    await expect(start(user, logout, { ...user, method: 'DELETE' })).rejects.toThrow(
      'declared and not there: DELETE /auth/user',
    );
    const gateway = await start(user, logout);
    running.push(gateway);
    const { data } = await gateway.http.get<{ paths: Record<string, object> }>('/openapi.json');
    expect(data.paths['/auth/user']).toMatchObject({
      get: { summary: 'Who is signed in', security: [{ token: [] }], responses: { 200: {}, 401: {} } },
    });
  });

  test('takes pages beside it that are read, and no others', async () => {
    const pages = async (app: FastifyInstance) => {
      app.post('/form', () => ({}));
      return Promise.resolve();
    };
    await expect(startTestGateway({ controllers: [], pages })).rejects.toThrow(
      'pages are only read, these are not: POST /form',
    );
  });

  test('takes the rule of a whole controller, and a stricter one of a method', async () => {
    @Controller()
    @RequireAccess('public')
    class MixedController {
      @Get('open')
      open() {
        return {};
      }

      @Get('closed')
      @RequireAccess({ scopes: ['admin'] })
      closed() {
        return {};
      }
    }
    const gateway = await startTestGateway({
      controllers: [MixedController],
      auth: () => ({ authenticator }),
    });
    running.push(gateway);
    expect((await gateway.http.get('/open')).status).toBe(200);
    expect((await gateway.http.get('/closed')).status).toBe(401);
    expect((await gateway.http.get('/closed', as('writer'))).status).toBe(403);
  });
});

describe('a closed route', () => {
  test('refuses who has not proven who they are, with a challenge, and asks no service', async () => {
    const { gateway, service } = await start();
    for (const options of [{}, as('mallory')]) {
      const { status, headers, data } = await gateway.http.get<object>('/mine/a', options);
      expect([status, headers['content-type']]).toEqual([401, 'application/problem+json; charset=utf-8']);
      expect(headers['www-authenticate']).toMatch(/^Bearer error="auth\./);
      expect(data).not.toHaveProperty('item');
    }
    expect(service.requests).toEqual([]);
  });

  test('refuses who may not, before it looks at what they sent', async () => {
    const { gateway, service } = await start();
    const answer = await gateway.http.post('/notes', { nonsense: true }, as('reader'));
    expect([answer.status, answer.data]).toEqual([403, expect.objectContaining({ code: 'access.denied' })]);
    expect(service.requests).toEqual([]);
  });

  test('answers who may; the answer is theirs alone, and the service knows for whom it works', async () => {
    const { gateway, service } = await start();
    const { data, headers } = await gateway.http.get<unknown>('/mine/a', as('reader'));
    expect(data).toEqual({ item: { id: 'a', name: 'Item a' }, of: 'ada' });
    expect(headers['cache-control']).toMatch(/^private, max-age=60/);
    expect(headers['vary']).toBe('Authorization, Cookie');
    expect(service.requests.map(({ caller }) => caller)).toEqual(['ada to shop']);
  });

  test('Z3 takes the caller from the proof and never from the body', async () => {
    const { gateway, service } = await start();
    const headers = { ...as('writer').headers, 'idempotency-key': 'key-12345678' };
    const forged = await gateway.http.post('/notes', { text: 'hi', by: 'eve' }, { headers });
    expect([forged.status, forged.data]).toEqual([
      400,
      expect.objectContaining({ fields: [{ field: 'by', message: 'There is no such field.' }] }),
    ]);
    const honest = await gateway.http.post('/notes', { text: 'hi' }, { headers });
    expect([honest.status, honest.data]).toEqual([200, { text: 'hi', by: 'bob' }]);
    expect(service.requests.map(({ data }) => data)).toEqual([
      { idempotencyKey: 'key-12345678', text: 'hi', by: 'bob' },
    ]);
  });
});
