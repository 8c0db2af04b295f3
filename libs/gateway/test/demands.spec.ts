import { Controller, Get, Post, type Type } from '@nestjs/common';
import { headerValues, type Access, type Authenticator } from '@facet/access';
import { aggregate } from '@facet/aggregation';
import type { Call, Caller } from '@facet/contracts';
import { Fault } from '@facet/platform';
import { saga, type Preparation } from '@facet/saga';
import { afterEach, describe, expect, test } from '@jest/globals';
import { z } from 'zod';
import { Answers, Incoming, Performs, route, Shows, type Route, type GatewayRequest } from '../src/index.js';
import { startTestGateway } from './support/gateway.js';
import { startStockUsers, users } from './support/stock-users.js';

const running: { stop(): unknown }[] = [];
afterEach(async () => {
  for (const each of running.splice(0)) await each.stop();
});

/** Takes `scopes;roles;customer` of a header at its word. */
const authenticator: Authenticator = {
  credentials: ['bearer'],
  schemes: {},
  challenge: () => ({}),
  authenticate: (request) => {
    const [said] = headerValues(request, 'x-caller');
    if (said === undefined) return Promise.resolve(undefined);
    const [scopes = '', roles = '', customerId = ''] = said.split(';');
    const words = (text: string) => text.split(' ').filter((word) => word !== '');
    const caller: Caller = {
      ...{ subject: 'ada', kind: 'user', client: 'spec', credential: 'bearer' },
      ...{ scopes: words(scopes), roles: words(roles) },
      ...(customerId === '' ? {} : { customerId }),
    };
    return Promise.resolve(caller);
  },
};
const as = (caller: string) => ({ headers: { 'x-caller': caller } });

async function start(given: readonly Surface[], { cache = false, auth = {} } = {}) {
  const service = await startStockUsers();
  running.push(service);
  let call: Call | undefined;
  const gateway = await startTestGateway({
    ...surfaceOf(given),
    shop: service.address,
    auth: (parts) => {
      ({ call } = parts);
      return { authenticator, ...auth };
    },
    ...(cache ? { policy: { cache: {} } } : {}),
  });
  running.unshift(gateway);
  return { ...gateway, reached: service.reached, ownCall: call as Call };
}

/** A controller, or routes. */
type Surface = Type | readonly Route[];

function surfaceOf(given: readonly Surface[]) {
  const isController = (each: Surface): each is Type => typeof each === 'function';
  return {
    controllers: given.filter(isController),
    routes: given.filter((each) => !isController(each)).flat() as readonly Route[],
  };
}

const all: Access = { scopes: ['users:read', 'users:write'], roles: ['operator'] };
const input = z.strictObject({ email: z.string() });

function reading(access: Access, operation: typeof users.byEmail | typeof users.profile = users.byEmail) {
  const page = aggregate('spec.user', { input })
    .required('user', operation, { input: ({ input: { email } }) => ({ email }) })
    .shape(({ user }) => ({ user }));
  @Controller()
  class PageController {
    @Get('page/:email')
    @Answers(page, { access, answer: z.strictObject({ user: operation.output }) })
    page(@Incoming() request: GatewayRequest) {
      return request.answer(page);
    }
  }
  return PageController;
}

/** A step that is undone by a command for operators alone, after a read for those with a scope. */
function renaming(access: Access) {
  const rename = saga('rename', { input })
    .step('rename', users.rename, {
      input: ({ input: { email } }) => ({ email, name: 'New' }),
      compensate: { by: users.restore, input: ({ rename: { email } }) => ({ email }) },
    })
    .result(({ rename: { name } }) => ({ name }));
  const preparation: Preparation<typeof input, typeof rename> = {
    input,
    reads: [users.scoped],
    prepare: ({ input: given }) => given,
  };
  @Controller()
  class RenameController {
    @Post('rename')
    @Performs(rename, preparation, { access, answer: z.strictObject({ name: z.string() }) })
    rename(@Incoming() request: GatewayRequest) {
      return request.perform(rename, preparation);
    }
  }
  return RenameController;
}

describe('Z7 a route that demands less than what it calls fails the boot', () => {
  const cases: [string, Surface, string][] = [
    [
      'passed through to everybody',
      [route('GET /users', users.byEmail, { access: 'public', input: { email: 'query' } })],
      'GET /users calls shop.byEmail, which demands a caller who has signed in, the scope users:read, ' +
        'the role operator, the caller\'s own customer in "email"',
    ],
    [
      'passed through with a role missing',
      [route('GET /users', users.byEmail, { access: { scopes: ['users:read'] }, input: { email: 'query' } })],
      'GET /users calls shop.byEmail, which demands the role operator',
    ],
    [
      'passed through where only a gateway may ask',
      [route('GET /audit', users.audit, { access: all })],
      'GET /audit calls shop.audit, which demands a gateway that asks for itself',
    ],
    [
      'a part of an aggregation',
      reading({ roles: ['operator'] }),
      'GET /page/:email calls shop.byEmail, which demands the scope users:read',
    ],
    [
      'a step',
      renaming({ scopes: ['users:read'], roles: ['operator'] }),
      'POST /rename calls shop.rename, which demands the scope users:write',
    ],
    [
      'a compensation',
      renaming({ scopes: ['users:read', 'users:write'] }),
      'POST /rename calls shop.restore, which demands the role operator',
    ],
    [
      'what a preparation reads',
      renaming({ scopes: ['users:write'], roles: ['operator'] }),
      'POST /rename calls shop.scoped, which demands the scope users:read',
    ],
  ];
  test.each(cases)('%s', async (_, controller, message) => {
    const started = startTestGateway({ ...surfaceOf([controller]), auth: () => ({ authenticator }) });
    await expect(started).rejects.toThrow(
      `these routes demand less of their callers than what they call: ${message}`,
    );
  });

  test('and all of them are named at once', async () => {
    const routes = [
      route('GET /scoped', users.scoped, { access: 'public' }),
      route('GET /operated', users.operated, { access: {} }),
    ];
    await expect(startTestGateway({ routes })).rejects.toThrow(
      /GET \/scoped calls shop\.scoped, .*; GET \/operated calls shop\.operated, which demands the role operator$/,
    );
  });
});

describe('Z7 what a stock service answers to everybody', () => {
  const routes = [
    route('GET /users', users.byEmail, {
      access: { scopes: ['users:read'], roles: ['operator'] },
      input: { email: 'query' },
    }),
    route('GET /many', users.byEmails, { access: {}, input: { emails: 'query' } }),
  ];

  test.each([false, true])('goes to its owner alone, passed through (cache: %j)', async (cache) => {
    const { http, reached } = await start([routes], { cache });
    const ask = (email: string, who?: string) =>
      http.get<{ code?: string }>(`/users?email=${email}`, who === undefined ? {} : as(who));
    expect((await ask('ada@x')).status).toBe(401);
    for (const who of [
      'users:read;;ada@x',
      ';operator;ada@x',
      'users:read;operator',
      'users:read;operator;ADA@x',
    ])
      expect((await ask('ada@x', who)).data).toMatchObject({ code: 'access.denied', status: 403 });
    expect((await ask('bob@x', 'users:read;operator;ada@x')).data).toMatchObject({ code: 'access.denied' });
    expect(reached).toEqual([]);
    expect((await ask('ada@x', 'users:read;operator;ada@x')).status).toBe(200);
    expect(reached).toHaveLength(1);
    expect((await ask('ada@x', 'users:read;operator;bob@x')).status).toBe(403);
  });

  test.each([false, true])('by ids: to those who own each of them (cache: %j)', async (cache) => {
    const { http, reached } = await start([routes], { cache });
    expect((await http.get('/many?emails=ada@x', as(';;ada@x'))).status).toBe(200);
    expect(reached).toHaveLength(1);
    for (const emails of ['ada@x,bob@x', 'bob@x'])
      expect((await http.get(`/many?emails=${emails}`, as(';;ada@x'))).status).toBe(403);
    expect((await http.get('/many?emails=ada@x', as(';;bob@x'))).status).toBe(403);
    expect(reached).toHaveLength(1);
  });

  test.each([false, true])('goes to its owner alone, aggregated (cache: %j)', async (cache) => {
    const { http, reached } = await start([reading({}, users.profile)], { cache });
    const mine = await http.get('/page/ada@x', as(';;ada@x'));
    expect([mine.status, mine.data]).toEqual([200, { user: { email: 'ada@x', name: 'Some Body' } }]);
    for (const who of [';;bob@x', ';;']) {
      const { status, data } = await http.get<unknown>('/page/ada@x', as(who));
      expect([status, data]).toEqual([403, expect.objectContaining({ code: 'access.denied' })]);
    }
    expect(reached).toHaveLength(1);
  });

  test('is not changed for somebody else by a step of a saga', async () => {
    const { http, reached } = await start([renaming(all)]);
    const post = (email: string) =>
      http.post<{ code?: string; name?: string }>(
        '/rename',
        { email },
        {
          headers: { 'idempotency-key': 'key-12345678', 'x-caller': 'users:read users:write;operator;ada@x' },
        },
      );
    const theirs = await post('bob@x');
    expect([theirs.status, theirs.data.code]).toEqual([403, 'access.denied']);
    expect(reached).toEqual([]);
    expect((await post('ada@x')).status).toBe(201);
  });

  test('is not shown by code that asks for more than its route says', async () => {
    const page = aggregate('spec.any', { input: z.strictObject({}) })
      .required('scoped', users.scoped, { input: () => ({}) })
      .shape(({ scoped }) => ({ scoped }));
    const own: Preparation<z.ZodObject, ReturnType<typeof sagaOf>> = {
      input: z.strictObject({}),
      prepare: async ({ call, signal, deadline }) => {
        await call(users.operated, {}, { signal, deadline });
        return {};
      },
    };
    const nothing = sagaOf();
    @Controller()
    class OwnController {
      @Get('own')
      @Shows({ access: {}, answer: z.strictObject({ scoped: users.scoped.output }), summary: 'Own' })
      own(@Incoming() request: GatewayRequest) {
        return request.answer(page);
      }

      @Post('prepared')
      @Performs(nothing, own, { access: { scopes: ['users:write'] }, answer: z.strictObject({}) })
      prepared(@Incoming() request: GatewayRequest) {
        return request.perform(nothing, own);
      }
    }
    const { http, reached } = await start([OwnController]);
    expect((await http.get('/own', as(';;'))).status).toBe(403);
    expect((await http.get('/own', as('users:read;;'))).status).toBe(200);
    const headers = { 'idempotency-key': 'key-12345678', ...as('users:write;;a').headers };
    const prepared = await http.post<unknown>('/prepared', {}, { headers });
    expect([prepared.status, prepared.data]).toEqual([
      403,
      expect.objectContaining({ code: 'access.denied' }),
    ]);
    expect(reached.map(({ pattern }) => pattern)).toEqual(['shop.scoped']);
  });
});

function sagaOf() {
  return saga('nothing', { input: z.strictObject({}) })
    .step('rename', users.rename, { input: () => ({ email: 'a', name: 'b' }), harmless: true })
    .result(() => ({}));
}

describe('Z7 a gateway that calls for itself', () => {
  test('may ask what only gateways may, and nothing that demands a scope, a role or an owner', async () => {
    const { ownCall, reached } = await start([]);
    const options = { signal: new AbortController().signal, deadline: performance.now() + 5_000 };
    await ownCall(users.audit, {}, options);
    const denied = expect.objectContaining({ code: 'access.denied' });
    await expect(ownCall(users.scoped, {}, options)).rejects.toEqual(denied);
    await expect(ownCall(users.operated, {}, options)).rejects.toEqual(denied);
    await expect(ownCall(users.profile, { email: 'ada@x' }, options)).rejects.toBeInstanceOf(Fault);
    expect(reached.map(({ pattern }) => pattern)).toEqual(['shop.audit']);
  });
});
