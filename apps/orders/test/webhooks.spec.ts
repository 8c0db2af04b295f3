import { randomUUID } from 'node:crypto';
import { createServer, type IncomingHttpHeaders, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, afterEach, beforeAll, describe, expect, jest, test } from '@jest/globals';
import { speakAs } from '@facet/auth/assertion';
import type { InputOf } from '@facet/contracts';
import { orders, type Order } from '@facet/shop-orders';
import {
  connectService,
  databaseEnv,
  eventually,
  startProcess,
  startWorld,
  type ServiceClient,
  type World,
} from '@facet/testing';
import pg from 'pg';
import { Webhook } from 'standardwebhooks';

jest.setTimeout(60_000);

const SWEEPING = { WEBHOOKS_ALLOW_PRIVATE: 'true', SWEEP_INTERVAL_MS: '50' };
const NEVER_SWEEPING = { SWEEP_INTERVAL_MS: '3600000' };
const scopes = ['orders:read', 'orders:write', 'webhooks:write'];

let world: World;
let service: ServiceClient;
let database: pg.Client;

const as = (customerId: string) => speakAs('orders', { scopes, customerId })();
const connect = () =>
  connectService(world.process('orders').addresses['tcp'], {
    caller: (input) => as((input as { customerId: string }).customerId),
  });

async function reconnect(): Promise<void> {
  service.close();
  service = await connect();
}

beforeAll(async () => {
  world = await startWorld({ services: ['orders'], env: { orders: SWEEPING } });
  service = await connect();
  const url = new URL(world.database.url);
  url.pathname = `/${world.database.prefix}orders`;
  database = new pg.Client({ connectionString: url.href });
  await database.connect();
}, 60_000);

const receivers: { close(): Promise<void> }[] = [];
afterEach(() => Promise.all(receivers.splice(0).map((receiver) => receiver.close())));
afterAll(async () => {
  service?.close();
  await database?.end();
  await world?.stop();
}, 60_000);

interface Received {
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

/** A partner's own server; what it is sent stays in the order in which it arrived. */
async function receiver(answer: RequestListener = (_, response) => response.writeHead(204).end()) {
  const received: Received[] = [];
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      received.push({ headers: request.headers, body: Buffer.concat(chunks).toString() });
      answer(request, response);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  receivers.push({
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  });
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/hooks`, received };
}

const key = () => randomUUID();
const buyer = () => `cus_${randomUUID()}`;

function subscribe(customerId: string, url: string, statuses?: InputOf<typeof orders.subscribe>['statuses']) {
  return service.call(orders.subscribe, {
    ...{ idempotencyKey: key(), customerId, url },
    ...(statuses === undefined ? {} : { statuses }),
  });
}

function place(customerId: string): Promise<Order> {
  return service.call(orders.place, {
    idempotencyKey: key(),
    customerId,
    lines: [{ productId: 'prd_1', title: 'Pot', quantity: 1, unitPrice: { amount: 100, currency: 'EUR' } }],
    shippingAddress: { recipient: 'Ada', street: 'A 1', postalCode: '1', city: 'B', country: 'DE' },
    paymentId: 'pay_1',
    reservationId: 'rsv_1',
  });
}

/** The message as a receiver's own library reads it; throws where it is not signed as it should be. */
function opened({ headers, body }: Received, secret: string) {
  return new Webhook(secret).verify(body, headers as Record<string, string>) as {
    type: string;
    data: { id: string; status: string };
  };
}

const deadLetters = async (customerId: string) =>
  (await service.call(orders.deadLetters, { customerId })).items;

/** As if nine attempts of the message had failed: four days go by in no time. */
async function bringToLastAttempt(subscriptionId: string): Promise<void> {
  await eventually(async () => {
    const { rowCount } = await database.query(
      'update webhook_messages set attempts = 9, next_attempt_at = now() where subscription_id = $1 and attempts > 0 and reason is not null',
      [subscriptionId],
    );
    return rowCount === 1;
  });
}

async function deadLetterOf(customerId: string, url: string) {
  const subscription = await subscribe(customerId, url, ['pending']);
  return { subscription, letter: await deadLetterFor(customerId, subscription.id) };
}

async function deadLetterFor(customerId: string, subscriptionId: string) {
  await place(customerId);
  await bringToLastAttempt(subscriptionId);
  await eventually(async () => (await deadLetters(customerId)).length === 1);
  const [letter] = await deadLetters(customerId);
  if (letter === undefined) throw new Error('the dead letter has gone');
  return letter;
}

describe('a change of status', () => {
  test('P5 is told to who asked for it, signed, and verifiable with the secret that was shown', async () => {
    const { url, received } = await receiver();
    const customerId = buyer();
    const { secret } = await subscribe(customerId, url, ['confirmed']);
    const order = await place(customerId);
    const confirmation = { idempotencyKey: key(), customerId, id: order.id };
    await service.call(orders.confirm, confirmation, { caller: as(customerId) });
    await eventually(() => received.length === 1);
    const [message = { headers: {}, body: '' }] = received;
    expect(opened(message, secret)).toMatchObject({
      type: 'order.confirmed',
      data: { id: order.id, reference: null, status: 'confirmed', total: order.total },
    });
    expect(() => opened({ ...message, body: message.body.replace('100', '999') }, secret)).toThrow();
    expect(message.body).not.toContain('Ada');
  });

  test('P5 is told where the order runs out by itself', async () => {
    const { url, received } = await receiver();
    const customerId = buyer();
    const { secret } = await subscribe(customerId, url, ['cancelled']);
    const { id } = await place(customerId);
    await database.query('update orders set expires_at = now() where id = $1', [id]);
    await eventually(() => received.length === 1);
    expect(opened(received[0] as Received, secret)).toMatchObject({ type: 'order.cancelled', data: { id } });
  });

  test("P5 is nobody else's business, and nobody's after the subscription has ended", async () => {
    const [mine, theirs] = [await receiver(), await receiver()];
    const [me, other] = [buyer(), buyer()];
    const { id, secret } = await subscribe(me, mine.url);
    await subscribe(other, theirs.url);
    await place(me);
    await eventually(() => mine.received.length === 1);
    await service.call(orders.unsubscribe, { idempotencyKey: key(), customerId: me, id });
    await place(me);
    const { id: last } = await place(other);
    await eventually(() => theirs.received.length === 1);
    expect(JSON.parse(theirs.received[0]?.body ?? '')).toMatchObject({ data: { id: last } });
    expect(mine.received).toHaveLength(1);
    expect(() => opened(theirs.received[0] as Received, secret)).toThrow();
  });
});

describe('a receiver that fails', () => {
  test('P5 gets the same message again after a 500', async () => {
    let answers = 0;
    const { url, received } = await receiver((_, response) =>
      response.writeHead((answers += 1) === 1 ? 500 : 200).end(),
    );
    const customerId = buyer();
    const { secret } = await subscribe(customerId, url);
    await place(customerId);
    await eventually(() => received.length === 2, { withinMs: 30_000 });
    const ids = received.map(({ headers }) => headers['webhook-id']);
    expect(ids[0]).toBe(ids[1]);
    expect(received.map((message) => opened(message, secret).type)).toEqual([
      'order.pending',
      'order.pending',
    ]);
  });

  test('P5 loses a message to the dead letters after the last attempt; it can be sent again by hand', async () => {
    let status = 503;
    const { url, received } = await receiver((_, response) => response.writeHead(status).end());
    const customerId = buyer();
    const { subscription, letter } = await deadLetterOf(customerId, url);
    expect(letter).toMatchObject({
      ...{ subscriptionId: subscription.id, status: 'pending', attempts: 10, reason: 'answered 503' },
    });
    const stranger = { idempotencyKey: key(), customerId: buyer(), id: letter.id };
    await expect(service.call(orders.redeliver, stranger)).rejects.toMatchObject({
      code: 'orders.dead-letter-not-found',
    });
    status = 200;
    const before = received.length;
    await service.call(orders.redeliver, { idempotencyKey: key(), customerId, id: letter.id });
    await eventually(() => received.length > before);
    expect(received.at(-1)?.headers['webhook-id']).toBe(letter.id);
    expect(await deadLetters(customerId)).toEqual([]);
  });

  test('P5 is not followed when it redirects', async () => {
    const inside = await receiver();
    const outside = await receiver((_, response) => response.writeHead(307, { location: inside.url }).end());
    const { letter } = await deadLetterOf(buyer(), outside.url);
    expect(letter.reason).toBe('answered 307');
    expect(inside.received).toEqual([]);
  });
});

describe('an instance of orders', () => {
  test('P5 that is killed between the change and the sending loses nothing', async () => {
    const { url, received } = await receiver();
    const customerId = buyer();
    const { secret } = await subscribe(customerId, url);
    await world.restart('orders', NEVER_SWEEPING);
    await reconnect();
    const placed = [await place(customerId), await place(customerId)];
    await world.killApp('orders');
    expect(received).toEqual([]);
    await world.startApp('orders', SWEEPING);
    await reconnect();
    await eventually(() => received.length === placed.length);
    const told = received.map((message) => opened(message, secret).data.id);
    expect(told.sort()).toEqual(placed.map(({ id }) => id).sort());
  });

  test('P5 sends nothing that another one sends', async () => {
    const { url, received } = await receiver();
    const customerId = buyer();
    await subscribe(customerId, url, ['pending']);
    const second = await startProcess({
      app: 'orders',
      env: { ...databaseEnv(world.database), ...SWEEPING },
    });
    try {
      const placed = await Promise.all(Array.from({ length: 30 }, () => place(customerId)));
      await eventually(async () => {
        const { rows } = await database.query<{ left: string }>(
          'select count(*) as left from webhook_messages m join webhook_subscriptions s on s.id = m.subscription_id where s.customer_id = $1',
          [customerId],
        );
        return rows[0]?.left === '0';
      });
      const told = received.map(({ body }) => (JSON.parse(body) as { data: { id: string } }).data.id);
      expect(told.sort()).toEqual(placed.map(({ id }) => id).sort());
    } finally {
      await second.stop();
    }
  });
});

describe('a subscription', () => {
  test('P5 shows its secret once', async () => {
    const customerId = buyer();
    const { secret, ...shown } = await subscribe(customerId, 'https://example.com/hooks');
    expect(secret).toMatch(/^whsec_[\w+/]{43}=$/);
    expect((await service.call(orders.subscriptions, { customerId })).items).toEqual([shown]);
    expect(world.process('orders').output()).not.toContain(secret.slice(6, 30));
  });

  test('Z1 is neither seen nor ended by another customer', async () => {
    const mine = await subscribe(buyer(), 'https://example.com/hooks');
    const stranger = buyer();
    expect((await service.call(orders.subscriptions, { customerId: stranger })).items).toEqual([]);
    const input = { idempotencyKey: key(), customerId: stranger, id: mine.id };
    await expect(service.call(orders.unsubscribe, input)).rejects.toMatchObject({
      ...{ code: 'orders.webhook-not-found', status: 404 },
    });
  });

  test('Z2 is refused without its scope, and in the name of another customer', async () => {
    const input = { idempotencyKey: key(), customerId: buyer(), url: 'https://example.com/' };
    const reader = speakAs('orders', { scopes: ['orders:read'], customerId: input.customerId })();
    for (const caller of [reader, as('cus_other')])
      await expect(service.call(orders.subscribe, input, { caller })).rejects.toMatchObject({
        code: 'access.denied',
      });
  });

  test('P5 goes to ten URLs of a customer, no more', async () => {
    const customerId = buyer();
    const outcomes = await Promise.allSettled(
      Array.from({ length: 12 }, (_, index) => subscribe(customerId, `https://example.com/${index}`)),
    );
    expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(10);
    expect(outcomes.find(({ status }) => status === 'rejected')).toMatchObject({
      reason: { code: 'orders.too-many-webhooks', status: 409 },
    });
  });
});

describe('without leave to reach private networks', () => {
  test('P5 targets of our own are refused, and one that was taken before is not sent to', async () => {
    const { url, received } = await receiver();
    const { port } = new URL(url);
    const customerId = buyer();
    const earlier = await subscribe(customerId, `https://localhost:${port}/`, ['pending']);
    await world.restart('orders', { ...SWEEPING, WEBHOOKS_ALLOW_PRIVATE: 'false' });
    await reconnect();
    const refused = [
      url,
      'https://169.254.169.254/',
      'https://10.0.0.1/',
      'https://[::1]/',
      'https://127.1/',
      `https://localhost:${port}/`,
      'https://redis:6379/',
      'https://metadata.google.internal/',
    ];
    for (const target of refused)
      await expect(subscribe(buyer(), target)).rejects.toMatchObject({
        ...{ code: 'webhooks.bad-target', status: 422 },
      });
    const letter = await deadLetterFor(customerId, earlier.id);
    expect(letter.reason).toContain('not public');
    expect(received).toEqual([]);
  });

  test('P5 production does not start with them allowed', async () => {
    const env = { ...databaseEnv(world.database), NODE_ENV: 'production', WEBHOOKS_ALLOW_PRIVATE: 'true' };
    const key =
      '{"keys":[{"kty":"OKP","crv":"Ed25519","kid":"1","x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"}]}';
    const starting = startProcess({ app: 'orders', env: { ...env, ASSERTION_PUBLIC_KEYS: key } });
    await expect(starting).rejects.toThrow(/WEBHOOKS_ALLOW_PRIVATE .*expected false in production/);
  });
});
