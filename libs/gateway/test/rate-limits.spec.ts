import { Controller, Get, Post } from '@nestjs/common';
import { afterEach, describe, expect, test } from '@jest/globals';
import { type Authenticator, headerValues } from '@facet/access';
import type { Caller } from '@facet/contracts';
import { Fault } from '@facet/platform';
import type { Policy } from '../src/policy.js';
import { hasRedis, startRedis } from '@facet/testing';
import { parseList } from 'structured-headers';
import {
  Costs,
  Incoming,
  RequireAccess,
  route,
  Shows,
  SkipThrottle,
  usageAnswer,
  Writes,
  type GatewayRequest,
} from '../src/index.js';
import { startTestGateway, type TestGateway } from './support/gateway.js';
import { shop, startShop, type RunningShop } from './support/shop.js';

@Controller()
class SpecController {
  @Get('free')
  @RequireAccess('public')
  @SkipThrottle({ burst: true, sustained: true })
  free() {
    return {};
  }

  @Get('dear')
  @RequireAccess('public')
  @Costs(3)
  dear() {
    return {};
  }

  @Get('mine')
  @RequireAccess({})
  mine() {
    return {};
  }

  @Post('read')
  @RequireAccess({})
  @Writes(false)
  read() {
    return {};
  }

  @Get('usage')
  @Shows({ access: {}, answer: usageAnswer, summary: 'What the caller has used' })
  usage(@Incoming() request: GatewayRequest) {
    return request.usage();
  }
}

const items = [route('GET /items/:id', shop.item, { access: 'public', input: { id: 'path' } })];

let proofs = 0;

const authenticator: Authenticator = {
  credentials: ['bearer'],
  schemes: { token: { type: 'http', scheme: 'bearer' } },
  authenticate: (request) => {
    const [header] = headerValues(request, 'authorization');
    if (header === undefined) return Promise.resolve(undefined);
    proofs += 1;
    const [subject = '', plan, client] = header.replace('Bearer ', '').split('@');
    if (subject.startsWith('auth.')) throw new Fault(subject, 401, 'Not so.');
    if (subject === 'mallory') throw new Fault('auth.invalid', 401, 'That is nobody.');
    const caller: Caller = {
      ...{ subject, kind: 'user', client: 'spec', scopes: [], roles: [], credential: 'bearer' },
      ...(plan === undefined ? {} : { plan }),
      ...(client === undefined
        ? {}
        : { kind: 'client', client: subject, credential: client as Caller['credential'] }),
    };
    return Promise.resolve(caller);
  },
  challenge: () => ({}),
};

const hour = (requests: number) => ({ requests, seconds: 3_600 });
const policy = {
  rateLimits: {
    anonymous: { burst: hour(5), sustained: hour(1_000) },
    callers: { burst: hour(3), sustained: hour(1_000) },
    plans: { gold: { burst: hour(100), sustained: hour(1_000), perDay: 4, perMonth: 50 } },
    failures: hour(4),
  },
} satisfies Policy;

/** With room for a visitor to fail in. */
const roomy = {
  rateLimits: { ...policy.rateLimits, anonymous: { burst: hour(50), sustained: hour(1_000) } },
};

let shopRunning: RunningShop | undefined;
const gateways: TestGateway[] = [];

async function start(env: Record<string, string> = {}, given: Policy = policy): Promise<TestGateway> {
  shopRunning ??= await startShop();
  const gateway = await startTestGateway({
    ...{ controllers: [SpecController], routes: items, shop: shopRunning.address, policy: given, env },
    auth: () => ({ authenticator }),
  });
  gateways.push(gateway);
  return gateway;
}

afterEach(async () => {
  for (const gateway of gateways.splice(0)) await gateway.stop();
  await shopRunning?.stop();
  shopRunning = undefined;
});

const as = (who: string) => ({ headers: { authorization: `Bearer ${who}` } });

describe('a plan', () => {
  test('R1 says in every answer what it is and what is left of it, and in a refusal when to come back', async () => {
    const { http } = await start();
    const first = await http.get('/items/a');
    expect(first.status).toBe(200);
    expect(first.headers['ratelimit-policy']).toBe('"burst";q=5;w=3600, "sustained";q=1000;w=3600');
    expect(first.headers['ratelimit']).toMatch(/^"burst";r=4;t=\d+, "sustained";r=999;t=\d+$/);
    for (let index = 0; index < 4; index += 1) await http.get('/items/a');
    const refused = await http.get('/items/a');
    expect(refused.status).toBe(429);
    expect(refused.data).toMatchObject({ status: 429, code: 'plan.rate-exceeded' });
    expect(refused.headers['content-type']).toMatch(/^application\/problem\+json/);
    expect(Number(refused.headers['retry-after'])).toBeGreaterThan(0);
    const limits = parseList(String(refused.headers['ratelimit'])) as [string, Map<string, number>][];
    expect(limits.map(([name, fields]) => `${name} ${fields.get('r')}`)).toEqual(['burst 0']);
    expect(limits[0]?.[1].get('t')).toBe(Number(refused.headers['retry-after']));
    expect(Object.keys(refused.headers).filter((name) => name.startsWith('x-ratelimit'))).toEqual([]);
  });

  test('R3 is counted for each caller alone, whatever address they claim to come from', async () => {
    const { http } = await start();
    const ask = async (who: string, address: string) => {
      const { headers } = as(who);
      return (await http.get('/mine', { headers: { ...headers, 'x-forwarded-for': address } })).status;
    };
    for (let index = 0; index < 3; index += 1) expect(await ask('ada', `10.0.0.${index}`)).toBe(200);
    expect(await ask('ada', '10.0.0.9')).toBe(429);
    expect(await ask('bob', '10.0.0.9')).toBe(200);
  });

  test('R3 is not shared by an API key and a client whose names are the same', async () => {
    const { http } = await start();
    for (let index = 0; index < 4; index += 1) await http.get('/mine', as('acme@gold@api-key'));
    expect((await http.get('/mine', as('acme@gold@api-key'))).status).toBe(429);
    const other = await http.get('/mine', as('acme@gold@client-credentials'));
    expect([other.status, other.headers['ratelimit']]).toEqual([200, expect.stringContaining('"day";r=3;')]);
  });

  test('counts visitors by their address as a trusted proxy tells it', async () => {
    const { http } = await start({ TRUSTED_PROXIES: '127.0.0.0/8' });
    const ask = async (address: string) =>
      (await http.get('/dear', { headers: { 'x-forwarded-for': address } })).status;
    expect(await ask('2001:db8::1')).toBe(200);
    expect(await ask('2001:db8::2')).toBe(429);
    expect(await ask('2001:db8:0:1::1')).toBe(200);
    expect(await ask('[2001:DB8:0:1::2]:443')).toBe(429);
  });

  test('counts a dear route for what it costs, and one that is free not at all', async () => {
    const { http } = await start();
    expect((await http.get('/dear')).headers['ratelimit']).toMatch(/^"burst";r=2;/);
    expect((await http.get('/dear')).status).toBe(429);
    expect((await http.get('/free')).status).toBe(200);
    expect((await http.get('/free')).headers['ratelimit']).toBeUndefined();
  });

  test('that a credential names has quotas of its own, which usage shows', async () => {
    const { http } = await start();
    const { data } = await http.get<unknown>('/usage', as('eve@gold'));
    const { plan, limits } = usageAnswer.parse(data);
    expect(plan).toBe('gold');
    expect(limits.map(({ window, used }) => [window, used])).toEqual([
      ...[
        ['burst', 1],
        ['sustained', 1],
        ['day', 1],
        ['month', 1],
      ],
    ]);
    expect(limits.at(-1)).toMatchObject({ limit: 50, remaining: 49 });
    expect(limits.at(-1)?.resetsAt).toMatch(/-01T00:00:00\.000Z$/);
    for (let index = 0; index < 3; index += 1) await http.get('/mine', as('eve@gold'));
    const refused = await http.get('/mine', as('eve@gold'));
    expect([refused.status, refused.data]).toMatchObject([429, { code: 'plan.quota-exceeded' }]);
    expect(refused.headers['ratelimit-policy']).toContain('"day";q=4;w=86400');
  });

  test('that the policy does not know is the plain one, and the log says so once', async () => {
    const gateway = await start();
    const answers = [];
    for (let index = 0; index < 4; index += 1) answers.push(await gateway.http.get('/mine', as('ivy@lead')));
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 429]);
    expect(gateway.log().match(/a plan that the policy does not know/g)).toHaveLength(1);
  });

  test('is in the metrics when it refuses, and in the document', async () => {
    const { http, admin } = await start();
    await http.get('/dear');
    await http.get('/dear');
    const { data: metrics } = await http.get<string>(`${admin}/metrics`);
    expect(metrics).toMatch(/facet_plan_refusals_total\{plan="anonymous",window="burst"[^}]*\} 1/);
    const { data: document } = await http.get<{ paths: Record<string, { get: { responses: object } }> }>(
      '/openapi.json',
    );
    expect(Object.keys(document.paths['/items/{id}']?.get.responses ?? {})).toContain('429');
    expect(Object.keys(document.paths['/usage']?.get.responses ?? {})).toContain('200');
  });
});

test('who has sent too many credentials that prove nobody is refused before another is looked at', async () => {
  const { http } = await start({}, roomy);
  for (let index = 0; index < 5; index += 1) {
    expect((await http.get('/mine', as('mallory'))).status).toBe(401);
  }
  const refused = await http.get('/mine', as('mallory'));
  expect([refused.status, refused.data]).toMatchObject([429, { code: 'plan.rate-exceeded' }]);
  expect(refused.headers['ratelimit-policy']).toBe('"failures";q=4;w=3600');
  expect(refused.headers['ratelimit']).toBe(`"failures";r=0;t=${refused.headers['retry-after']}`);
  expect((await http.get('/mine', as('ada'))).status).toBe(429);
});

test('R3 who sends no credential goes on as a visitor beside somebody who guesses', async () => {
  const { http } = await start({}, roomy);
  for (let index = 0; index < 6; index += 1) await http.get('/mine', as('mallory'));
  expect((await http.get('/items/a', as('mallory'))).status).toBe(429);
  expect((await http.get('/items/a')).status).toBe(200);
  expect((await http.get('/items/a', { headers: { cookie: 'theme=dark' } })).status).toBe(200);
  expect((await http.get('/nothing')).status).toBe(404);
});

test.each(['auth.token-expired', 'auth.csrf-header-missing'])(
  'R3 %s is no guess, but it counts to its address',
  async (code) => {
    const { http } = await start();
    const first = await http.get('/mine', as(code));
    expect([first.status, first.data]).toMatchObject([401, { code }]);
    expect(first.headers['ratelimit']).toMatch(/^"burst";r=4;/);
    for (let index = 0; index < 4; index += 1) await http.get('/mine', as(code));
    const refused = await http.get('/mine', as(code));
    expect([refused.status, refused.headers['ratelimit']]).toEqual([429, expect.stringMatching(/^"burst"/)]);
    expect((await http.get('/mine', as('ada'))).status).toBe(200);
  },
);

test('R3 a page that asks who is signed in, and is told nobody, makes no guess', async () => {
  const session = { type: 'apiKey', in: 'cookie', name: 'session' };
  const summary = 'Who is signed in';
  const gateway = await startTestGateway({
    ...{ controllers: [SpecController], policy: roomy },
    auth: () => ({
      authenticator: { ...authenticator, schemes: { session } },
      routes: (app) => {
        app.get('/who', () => Promise.reject(new Fault('auth.sign-in-required', 401, 'Sign in first.')));
        return Promise.resolve();
      },
      paths: [{ ...{ method: 'GET', path: '/who', access: {}, responses: {} }, summary }],
    }),
  });
  gateways.push(gateway);
  const ask = async (cookie: string) => (await gateway.http.get('/who', { headers: { cookie } })).status;
  for (let index = 0; index < 6; index += 1) expect(await ask('theme=dark; my-session=a')).toBe(401);
  expect(await ask('theme=dark; session=a')).toBe(401);
  for (let index = 0; index < 5; index += 1) await ask('theme=dark; session=a');
  expect(await ask('theme=dark; session=a')).toBe(429);
  expect(await ask('theme=dark')).toBe(401);
});

test('who has just been refused is refused again before a body is read or a credential looked at', async () => {
  const { http } = await start();
  for (let index = 0; index < 3; index += 1)
    expect((await http.post('/read', {}, as('ada'))).status).toBe(201);
  expect((await http.post('/read', {}, as('ada'))).status).toBe(429);
  const before = proofs;
  const { headers } = as('ada');
  const broken = { headers: { ...headers, 'content-type': 'application/json' } };
  const refused = await http.post('/read', '{"', broken);
  expect([refused.status, refused.data]).toMatchObject([429, { code: 'plan.rate-exceeded' }]);
  expect(refused.headers['ratelimit']).toMatch(/^"burst";r=0;t=\d+$/);
  expect(proofs).toBe(before);
  expect((await http.post('/read', {}, as('bob'))).status).toBe(201);
});

test('a request that nobody is proven for counts to its address, also where it is refused', async () => {
  const { http } = await start();
  const first = await http.get('/mine');
  expect(first.status).toBe(401);
  expect(first.headers['ratelimit']).toMatch(/^"burst";r=4;/);
  for (let index = 0; index < 4; index += 1) await http.get('/mine');
  expect((await http.get('/mine')).status).toBe(429);
  expect((await http.get('/mine', as('ada'))).status).toBe(200);
});

test('R1 what no route answers counts to its address, and so does the document', async () => {
  const asked = [
    ['GET', '/nothing', 404],
    ['DELETE', '/mine', 405],
    ['GET', '/openapi.json', 200],
    ['GET', '/docs', 200],
    ['GET', '/%zz', 400],
  ] as const;
  for (const [method, url, status] of asked) {
    const { http } = await start(
      {},
      { rateLimits: { ...policy.rateLimits, anonymous: { ...roomy.rateLimits.anonymous, burst: hour(2) } } },
    );
    const ask = () => http.request({ method, url });
    const first = await ask();
    expect([url, first.status, first.headers['ratelimit']]).toEqual([
      url,
      status,
      expect.stringMatching(/^"burst";r=1;/),
    ]);
    await ask();
    const refused = await ask();
    expect([url, refused.status, refused.data]).toMatchObject([url, 429, { code: 'plan.rate-exceeded' }]);
    expect(refused.headers['ratelimit']).toMatch(/^"burst";r=0;/);
    expect((await http.get('/mine', as('ada'))).status).toBe(200);
  }
});

test('to send no credential at all is no guess', async () => {
  const { http } = await start();
  for (let index = 0; index < 5; index += 1) expect((await http.get('/mine')).status).toBe(401);
  expect((await http.get('/mine', as('ada'))).status).toBe(200);
});

async function waitsOf({ http, admin }: TestGateway): Promise<number> {
  const { data } = await http.get<string>(`${admin}/metrics`);
  return Number(/^facet_plan_waits_total\{[^}]*\} (\d+)/m.exec(data)?.[1] ?? Number.NaN);
}

(hasRedis ? test : test.skip)(
  `R2 three gateways admit N between them${hasRedis ? '' : ' (skipped: no redis-server)'}`,
  async () => {
    const redis = await startRedis();
    try {
      const anonymous = { burst: hour(1_000), sustained: hour(100_000) };
      const env = { REDIS_URL: redis.url };
      const three: TestGateway[] = [];
      for (let index = 0; index < 3; index += 1) {
        three.push(await start(env, { rateLimits: { ...policy.rateLimits, anonymous } }));
      }
      const statuses: number[] = [];
      // Each asks until it is refused: a gateway that nobody asks any more has some in hand for a while.
      const asker = async (gateway: TestGateway | undefined) => {
        let status = 200;
        while (status === 200 && statuses.length < 2_000) {
          status = (await gateway?.http.get('/items/a'))?.status ?? 0;
          statuses.push(status);
        }
      };
      await Promise.all(Array.from({ length: 30 }, (_, index) => asker(three[index % 3])));
      const admitted = statuses.filter((status) => status === 200).length;
      expect(statuses.filter((status) => status !== 200 && status !== 429)).toEqual([]);
      const waits = await Promise.all(three.map(waitsOf));
      const waited = waits.reduce((sum, each) => sum + each, 0);
      process.stdout.write(
        `${statuses.length} requests over three gateways: ${admitted} admitted, of ${statuses.length + admitted} counts ${waited} waited for Redis\n`,
      );
      expect(admitted).toBeGreaterThanOrEqual(990);
      expect(admitted).toBeLessThanOrEqual(1_010);
    } finally {
      for (const gateway of gateways.splice(0)) await gateway.stop();
      await redis.stop();
    }
  },
);
