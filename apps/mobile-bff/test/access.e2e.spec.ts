import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals';
import { generateApiKey } from '@facet/auth';
import { speakAs } from '@facet/auth/assertion';
import { accounts } from '@facet/shop-accounts';
import { orders } from '@facet/shop-orders';
import { testCards } from '@facet/shop-payments';
import { connectService, startIssuer, startWorld, type Issuer, type World } from '@facet/testing';
import { describeAccess, manyVisitors } from '@facet/testing/access';

jest.setTimeout(60_000);

const AUDIENCE = 'urn:facet:mobile-bff';
let issuer: Issuer;
let world: World;

beforeAll(async () => {
  issuer = await startIssuer();
  world = await startWorld({
    services: ['accounts', 'catalog', 'inventory', 'orders', 'payments', 'recommendations', 'reviews'],
    gateways: ['mobile-bff'],
    env: { 'mobile-bff': { ISSUER_URL: issuer.url, ...manyVisitors } },
  });
}, 120_000);

afterAll(async () => {
  await world?.stop();
  await issuer?.stop();
});

const token = async (claims: Record<string, unknown> = {}, audience = AUDIENCE) => ({
  authorization: `Bearer ${await issuer.token(audience, { claims: { customer_id: 'cus_0001', scope: 'orders:read orders:write', ...claims } })}`,
});
const ordersOf = async (customerId: string) => {
  const caller = speakAs('orders', { customerId, scopes: ['orders:read'] });
  const service = await connectService(world.process('orders').addresses['tcp'], { caller });
  const { items } = await service.call(orders.list, { customerId, pageSize: 10 });
  service.close();
  return items.map(({ id }) => id);
};
const someOrder = async (customerId: string) => (await ordersOf(customerId))[0] ?? '';
const someAddress = async (customerId: string) => {
  const caller = speakAs('accounts', { customerId });
  const service = await connectService(world.process('accounts').addresses['tcp'], { caller });
  const { addresses } = await service.call(accounts.customer, { id: customerId });
  service.close();
  return addresses[0]?.id ?? '';
};

describeAccess({
  url: () => world.url('mobile-bff'),
  publicRoutes: ['GET /v1/home', 'GET /v1/products/{id}', 'GET /v1/products/{id}/reviews'],
  users: [() => token(), () => token({ customer_id: 'cus_0002' })],
  powerless: () => token({ scope: undefined }),
  foreign: {
    "a web browser's session cookie": () => ({ cookie: '__Host-session=0123456789abcdef; __Host-facet=x' }),
    "a partner's API key": () => ({ authorization: `Bearer ${generateApiKey()}` }),
    "a partner's access token": () =>
      token({ sub: 'partner', client_id: 'partner' }, 'urn:facet:partner-bff'),
    'a client that acts for itself': () => token({ sub: 'app-1' }),
    "another gateway's token": () => token({}, 'urn:facet:web-bff'),
  },
  ids: {
    order: [() => someOrder('cus_0001'), () => someOrder('cus_0002')],
    address: [() => someAddress('cus_0001'), () => someAddress('cus_0002')],
  },
  bodies: {
    'POST /v1/checkout': { lines: [{ productId: 'prd_0001', quantity: 1 }], card: testCards.approve },
  },
});

describe('a signed-in app', () => {
  const get = async (path: string, headers: Record<string, string>) =>
    fetch(`${world.url('mobile-bff')}${path}`, { headers });

  test('J3 sees the orders of its user, and each user only their own', async () => {
    for (const customer of ['cus_0001', 'cus_0002']) {
      const answer = await get('/v1/orders', await token({ customer_id: customer }));
      const { items } = (await answer.json()) as { items: { id: string }[] };
      expect(items.length).toBeGreaterThan(0);
      expect(items.map(({ id }) => id)).toEqual(await ordersOf(customer));
    }
  });

  test('Z3 cannot name another customer in the query, and headers about users change nothing', async () => {
    const credential = await token();
    expect((await get('/v1/orders?customerId=cus_0002', credential)).status).toBe(400);
    const own = await get('/v1/orders', credential);
    const spoofed = await get('/v1/orders', {
      ...credential,
      'x-user-id': 'cus_0002',
      'x-forwarded-user': 'cus_0002',
      'x-customer-id': 'cus_0002',
    });
    expect(await spoofed.json()).toEqual(await own.json());
  });

  test.each(['../cus_0002', 'cus_0001 '])(
    'J1 a customer that cannot be (%j) is no token',
    async (customer) => {
      const answer = await get('/v1/orders', await token({ customer_id: customer }));
      expect([answer.status, await answer.json()]).toMatchObject([401, { code: 'auth.invalid-token' }]);
    },
  );

  test('I1 a user without a customer has no orders to see', async () => {
    const answer = await get('/v1/orders', await token({ customer_id: undefined }));
    expect(answer.status).toBe(403);
  });

  test('J6 a refusal says how to do better, and nothing of what was sent', async () => {
    const missing = await get('/v1/orders', {});
    expect([missing.status, missing.headers.get('www-authenticate')]).toEqual([401, 'Bearer']);
    const bad = await get('/v1/orders', { authorization: 'Bearer canary-of-a-token' });
    expect(bad.headers.get('www-authenticate')).toBe('Bearer error="invalid_token"');
    expect(await bad.text()).not.toContain('canary');
    const weak = await get('/v1/orders', await token({ scope: 'profile' }));
    expect([weak.status, weak.headers.get('www-authenticate')]).toEqual([
      403,
      'Bearer error="insufficient_scope"',
    ]);
  });

  test('J1 a bad token is refused on a public route too', async () => {
    expect((await get('/v1/home', { authorization: 'Bearer nonsense' })).status).toBe(401);
  });

  test('C1 an answer to a signed-in app is stored by no cache', async () => {
    const answer = await get('/v1/orders', await token());
    expect(answer.headers.get('cache-control')).toMatch(/no-store|private/);
  });

  test('L2 no token is in the log; L3 a refusal is', async () => {
    const { authorization } = await token();
    await get('/v1/orders', { authorization });
    await get('/v1/orders', { authorization: `${authorization}x` });
    const log = () => world.process('mobile-bff').output();
    expect(log()).not.toContain(authorization.split('.')[1]);
    expect(log()).toMatch(/"audit":\{[^}]*"denied"|"audit":\{[^}]*"failure"/);
  });
});
