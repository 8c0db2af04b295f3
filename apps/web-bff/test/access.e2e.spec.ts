import { afterAll, beforeAll, describe, jest } from '@jest/globals';
import { generateApiKey } from '@facet/auth';
import { speakAs } from '@facet/auth/assertion';
import { accounts } from '@facet/shop-accounts';
import { orders } from '@facet/shop-orders';
import { testCards } from '@facet/shop-payments';
import {
  connectService,
  hasRedis,
  signIn,
  startIssuer,
  startRedis,
  startSignInWorld,
  type Issuer,
  type TestRedis,
} from '@facet/testing';
import { describeAccess, manyVisitors } from '@facet/testing/access';
import axios from 'axios';

jest.setTimeout(120_000);

const withRedis = hasRedis ? describe : describe.skip;

withRedis(`web-bff${hasRedis ? '' : ' (skipped: no redis-server)'}`, () => {
  let redis: TestRedis;
  let issuer: Issuer;
  let site: Awaited<ReturnType<typeof startSignInWorld>>;
  let withoutScopes: Record<string, string>;

  beforeAll(async () => {
    redis = await startRedis();
    issuer = await startIssuer();
    site = await startSignInWorld({
      gateway: 'web-bff',
      services: ['accounts', 'catalog', 'inventory', 'orders', 'payments', 'recommendations', 'reviews'],
      // Sessions must outlive the gateway, which asks for no more scopes than these at first.
      env: { REDIS_URL: redis.url, OIDC_SCOPE: 'openid profile email', ...manyVisitors },
    });
    withoutScopes = await signIn(site.origin, 'ada');
    await site.world.restart('web-bff', { OIDC_SCOPE: undefined });
  });

  afterAll(async () => {
    await site?.stop();
    await issuer?.stop();
    await redis?.stop();
  });

  const bearer = (credential: string) => ({ authorization: `Bearer ${credential}` });

  async function someOrder(customerId: string): Promise<string> {
    const caller = speakAs('orders', { customerId, scopes: ['orders:read'] });
    const service = await connectService(site.world.process('orders').addresses['tcp'], { caller });
    const { items } = await service.call(orders.list, { customerId, pageSize: 1 });
    service.close();
    return items[0]?.id ?? '';
  }

  async function someAddress(customerId: string): Promise<string> {
    const caller = speakAs('accounts', { customerId });
    const service = await connectService(site.world.process('accounts').addresses['tcp'], { caller });
    const { addresses } = await service.call(accounts.customer, { id: customerId });
    service.close();
    return addresses[0]?.id ?? '';
  }

  async function someSession(user: 'ada' | 'grace'): Promise<string> {
    const headers = await signIn(site.origin, user);
    const { data } = await axios.get<{ session: { id: string } }>(`${site.origin}/auth/user`, { headers });
    return data.session.id;
  }

  describeAccess({
    url: () => site.world.url('web-bff'),
    always: { 'x-csrf': '1' },
    publicRoutes: [
      'GET /api/categories',
      'GET /api/home',
      'GET /api/products',
      'GET /api/products/{id}',
      'GET /api/products/{id}/reviews',
      'GET /api/search',
      'GET /auth/callback',
      'GET /auth/login',
      'POST /auth/backchannel-logout',
    ],
    users: [() => signIn(site.origin, 'ada'), () => signIn(site.origin, 'grace')],
    powerless: () => withoutScopes,
    foreign: {
      'a session that nobody began': () => ({ cookie: `__Host-facet-session=${'A'.repeat(43)}` }),
      "an app's access token": async () => bearer(await issuer.token('urn:facet:mobile-bff')),
      "an access token, even for this gateway's client": async () => bearer(await issuer.token('web-bff')),
      "a partner's API key": () => bearer(generateApiKey()),
    },
    ids: {
      order: [() => someOrder('cus_0001'), () => someOrder('cus_0002')],
      address: [() => someAddress('cus_0001'), () => someAddress('cus_0002')],
      'sessions/{id}': [() => someSession('ada'), () => someSession('grace')],
    },
    bodies: {
      'POST /api/checkout': { lines: [{ productId: 'prd_0001', quantity: 1 }], card: testCards.approve },
    },
  });
});
