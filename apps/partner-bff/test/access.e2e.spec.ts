import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals';
import { generateApiKey, hashApiKey, hintOf } from '@facet/auth';
import { speakAs } from '@facet/auth/assertion';
import { accounts } from '@facet/shop-accounts';
import { orders } from '@facet/shop-orders';
import {
  connectService,
  eventually,
  startIssuer,
  startWorld,
  type Issuer,
  type ServiceClient,
  type World,
} from '@facet/testing';
import { describeAccess, manyVisitors } from '@facet/testing/access';
import pg from 'pg';

jest.setTimeout(60_000);

const AUDIENCE = 'urn:facet:partner-bff';
const scopes = ['catalog:read', 'inventory:read', 'orders:read', 'orders:write', 'webhooks:write'];
const customerId = 'cus_0001';
let issuer: Issuer;
let world: World;
let operator: ServiceClient;
let desk: ServiceClient;

beforeAll(async () => {
  issuer = await startIssuer();
  world = await startWorld({
    services: ['accounts', 'catalog', 'inventory', 'orders'],
    gateways: ['partner-bff'],
    env: {
      'partner-bff': { ISSUER_URL: issuer.url, ...manyVisitors },
      orders: { WEBHOOKS_ALLOW_PRIVATE: 'true', SWEEP_INTERVAL_MS: '50' },
    },
  });
  operator = await connectService(world.process('accounts').addresses['tcp'], {
    caller: speakAs('accounts', { roles: ['operator'] }),
  });
  desk = await connectService(world.process('orders').addresses['tcp'], {
    caller: (input) => speakAs('orders', { scopes, ...(input as { customerId: string }) })(),
  });
}, 120_000);

afterAll(async () => {
  operator?.close();
  desk?.close();
  await world?.stop();
  await issuer?.stop();
});

const bearer = (credential: string) => ({ authorization: `Bearer ${credential}` });

async function issueKey(options: { scopes?: string[]; customerId?: string } = {}) {
  const key = generateApiKey();
  const stored = await operator.call(accounts.issueApiKey, {
    idempotencyKey: randomUUID(),
    hash: hashApiKey(key) ?? '',
    hint: hintOf(key),
    partner: 'acme',
    customerId,
    scopes,
    plan: 'standard',
    ...options,
  });
  return { key, id: stored.id };
}

/** An order of a customer under a reference of its own. */
async function orderOf(buyer: string): Promise<string> {
  const reference = `PO-${randomUUID()}`;
  await desk.call(orders.place, {
    idempotencyKey: randomUUID(),
    customerId: buyer,
    reference,
    lines: [
      { productId: 'prd_0001', title: 'Pot', quantity: 1, unitPrice: { amount: 100, currency: 'EUR' } },
    ],
    shippingAddress: { recipient: 'A', street: 'B 1', postalCode: '1', city: 'C', country: 'DE' },
    paymentId: 'pay_1',
    reservationId: 'rsv_1',
  });
  return reference;
}

/** A customer's subscription to its orders, at an address where nobody listens. */
async function subscriptionOf(subscriber: string): Promise<string> {
  const { id } = await desk.call(orders.subscribe, {
    ...{ idempotencyKey: randomUUID(), customerId: subscriber, url: 'http://127.0.0.1:1/' },
  });
  return id;
}

/** A message to a customer that could not be delivered. */
async function deadLetterOf(subscriber: string): Promise<string> {
  await subscriptionOf(subscriber);
  await orderOf(subscriber);
  const ofLastAttempt =
    'update webhook_messages set attempts = 9, next_attempt_at = now() where attempts < 9 and reason is not null';
  return eventually(async () => {
    await inOrders(ofLastAttempt);
    const { items } = await desk.call(orders.deadLetters, { customerId: subscriber });
    return items[0]?.id;
  });
}

async function inOrders(statement: string): Promise<void> {
  const url = new URL(world.database.url);
  url.pathname = `/${world.database.prefix}orders`;
  const database = new pg.Client({ connectionString: url.href });
  await database.connect();
  await database.query(statement).finally(() => database.end());
}

const clientToken = (claims: Record<string, unknown> = {}) =>
  issuer.token(AUDIENCE, {
    claims: {
      sub: 'partner',
      client_id: 'partner',
      scope: scopes.join(' '),
      customer_id: customerId,
      ...claims,
    },
  });
const get = (path: string, headers: Record<string, string>) =>
  fetch(`${world.url('partner-bff')}${path}`, { headers });

describeAccess({
  url: () => world.url('partner-bff'),
  publicRoutes: [],
  users: [
    async () => bearer((await issueKey()).key),
    async () => bearer((await issueKey({ customerId: 'cus_0002' })).key),
  ],
  powerless: async () => bearer((await issueKey({ scopes: [] })).key),
  foreign: {
    "a web browser's session cookie": () => ({ cookie: '__Host-session=0123456789abcdef' }),
    "an app's access token": async () => bearer(await issuer.token('urn:facet:mobile-bff')),
    "a person's access token, even for this gateway": async () => bearer(await issuer.token(AUDIENCE)),
    'a key that nobody issued': () => bearer(generateApiKey()),
  },
  ids: {
    'orders/{reference}': [() => orderOf(customerId), () => orderOf('cus_0002')],
    webhook: [() => subscriptionOf(customerId), () => subscriptionOf('cus_0002')],
    'webhook-message': [() => deadLetterOf(customerId), () => deadLetterOf('cus_0002')],
  },
});

describe('a partner', () => {
  test('P1 reads with a key, and with an access token of its own', async () => {
    const { key } = await issueKey();
    for (const credential of [key, await clientToken()]) {
      expect((await get('/v1/catalog?limit=1', bearer(credential))).status).toBe(200);
      const { items } = (await (await get('/v1/orders/changes', bearer(credential))).json()) as {
        items: { customerId: string }[];
      };
      expect(items.length).toBeGreaterThan(0);
      expect(new Set(items.map((order) => order.customerId))).toEqual(new Set([customerId]));
    }
  });

  test('P1 an unknown key and a wrong one get the very same answer', async () => {
    const { key } = await issueKey();
    const answers = await Promise.all(
      [generateApiKey(), `${key.slice(0, -1)}${key.endsWith('a') ? 'b' : 'a'}`].map(async (wrong) => {
        const answer = await get('/v1/catalog', bearer(wrong));
        const {
          traceId: _,
          trace_id: __,
          requestId: ___,
          ...body
        } = (await answer.json()) as Record<string, unknown>;
        return { status: answer.status, challenge: answer.headers.get('www-authenticate'), body };
      }),
    );
    expect(answers[0]).toEqual(answers[1]);
    expect(answers[0]?.status).toBe(401);
  });

  test('P2 goes on with two keys while one replaces the other, and without the one that is revoked, within 5 s', async () => {
    const { key, id } = await issueKey();
    const next = generateApiKey();
    await operator.call(accounts.rotateApiKey, {
      idempotencyKey: randomUUID(),
      id,
      hash: hashApiKey(next) ?? '',
      hint: hintOf(next),
      overlapSeconds: 3_600,
    });
    for (const live of [key, next]) expect((await get('/v1/catalog?limit=1', bearer(live))).status).toBe(200);
    await operator.call(accounts.revokeApiKey, { idempotencyKey: randomUUID(), id });
    const revokedAt = performance.now();
    await eventually(async () => (await get('/v1/catalog?limit=1', bearer(key))).status === 401);
    expect(performance.now() - revokedAt).toBeLessThan(5_000);
    expect((await get('/v1/catalog?limit=1', bearer(next))).status).toBe(200);
  });

  test('P5 asks to be told of its orders, sees the secret once, and repeats itself without harm', async () => {
    const headers = {
      ...bearer((await issueKey()).key),
      'content-type': 'application/json',
      'idempotency-key': randomUUID(),
    };
    const body = JSON.stringify({ url: 'https://partner.example/hooks', statuses: ['confirmed'] });
    const ask = async (more: object = {}) => {
      const sent = { method: 'POST', headers: { ...headers, ...more }, body };
      const answer = await fetch(`${world.url('partner-bff')}/v1/webhooks`, sent);
      return { status: answer.status, body: (await answer.json()) as { id: string; secret?: string } };
    };
    const first = await ask();
    expect(first).toMatchObject({ status: 200, body: { secret: expect.stringMatching(/^whsec_/) } });
    expect(await ask()).toEqual(first);
    expect((await ask({ 'idempotency-key': '' })).status).toBe(400);
    const { items } = (await (await get('/v1/webhooks', headers)).json()) as { items: { id: string }[] };
    const { secret: _, ...shown } = first.body;
    expect(items.filter(({ id }) => id === shown.id)).toEqual([shown]);
  });

  test('L2 neither key nor token is in any log', async () => {
    const { key } = await issueKey();
    const token = await clientToken();
    for (const credential of [key, token, `${key}x`]) await get('/v1/catalog?limit=1', bearer(credential));
    const log = ['partner-bff', 'accounts', 'catalog'].map((app) => world.process(app).output()).join('\n');
    expect(log).not.toContain(key.slice(4, 20));
    expect(log).not.toContain(token.split('.')[1]);
    expect(log).not.toContain(hashApiKey(key));
  });
});
