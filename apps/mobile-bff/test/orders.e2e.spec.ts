import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals';
import { speakAs } from '@facet/auth/assertion';
import { catalog } from '@facet/shop-catalog';
import { order as orderSchema } from '@facet/shop-orders';
import { testCards } from '@facet/shop-payments';
import { connectService, startIssuer, startWorld, type Issuer, type World } from '@facet/testing';
import axios, { type AxiosInstance } from 'axios';
import { orderScreen } from '../src/orders/order-card.js';
import { ordersAnswer } from '../src/orders/orders.aggregation.js';
import { syncAnswer } from '../src/sync/sync.aggregation.js';

jest.setTimeout(60_000);

let issuer: Issuer;
let world: World;
let mobile: AxiosInstance;

beforeAll(async () => {
  issuer = await startIssuer();
  world = await startWorld({
    services: ['accounts', 'catalog', 'inventory', 'orders', 'payments'],
    gateways: ['mobile-bff'],
    env: { 'mobile-bff': { ISSUER_URL: issuer.url } },
  });
  const token = await issuer.token('urn:facet:mobile-bff', {
    claims: { customer_id: 'cus_0001', scope: 'orders:read orders:write' },
  });
  mobile = axios.create({
    baseURL: world.url('mobile-bff'),
    headers: { authorization: `Bearer ${token}` },
    validateStatus: () => true,
  });
}, 120_000);

afterAll(async () => {
  await world?.stop();
  await issuer?.stop();
});

const buy = (key: string, card: string = testCards.approve) =>
  mobile.post<unknown>(
    '/v1/checkout',
    { lines: [{ productId: 'prd_0001', quantity: 1 }], card, addressId: 'cus_0001_a1' },
    { headers: { 'idempotency-key': key } },
  );

async function setPrice(id: string, amount: number): Promise<void> {
  const caller = speakAs('catalog', { roles: ['operator'] });
  const client = await connectService(world.process('catalog').addresses['tcp'], { caller });
  const price = { amount, currency: 'EUR' };
  await client.call(catalog.setPrice, { idempotencyKey: randomUUID(), id, price });
  client.close();
}

const ask = async (since?: string) =>
  syncAnswer.parse((await mobile.get<unknown>('/v1/sync', { params: { since } })).data);

/** Asks until there is nothing more; gives back where that is. */
async function upToDate(since?: string): Promise<string> {
  const { next, more } = await ask(since);
  return more ? upToDate(next) : next;
}

describe('buying in the app', () => {
  test('is an order that its list and its screen show, small and with pictures and stock', async () => {
    const { status, data, headers } = await buy(randomUUID());
    expect(status).toBe(201);
    const { id, total } = orderSchema.parse(data);
    expect(headers['location']).toBe(`/v1/orders/${id}`);

    const list = await mobile.get<unknown>('/v1/orders');
    const [newest] = ordersAnswer.parse(list.data).items;
    expect(newest).toMatchObject({ id, total, status: 'confirmed' });
    expect(newest?.lines).toMatchObject([
      {
        productId: 'prd_0001',
        quantity: 1,
        image: expect.stringMatching(/^\/pictures\//),
        stock: expect.any(String),
      },
    ]);
    expect(Buffer.byteLength(JSON.stringify(list.data))).toBeLessThan(8_000);

    const screen = orderScreen.parse((await mobile.get<unknown>(`/v1/orders/${id}`)).data);
    expect(screen).toMatchObject({ id, shippingAddress: { recipient: 'Ada Byron' } });
    expect(screen.lines[0]).toMatchObject({ title: expect.any(String), unitPrice: total });
  });

  test('again with the same key is the same order; a declined card is none', async () => {
    const key = randomUUID();
    const [first, again] = [await buy(key), await buy(key)];
    expect([again.status, again.data]).toEqual([201, first.data]);
    expect(await buy(randomUUID(), testCards.decline)).toMatchObject({
      status: 402,
      data: { code: 'payments.card-declined' },
    });
  });
});

describe('what has changed since a token', () => {
  test('is at first every order, and then only what came later: orders and prices', async () => {
    const first = await ask();
    expect([first.orders.length, first.prices]).toEqual([50, []]);
    const now = await upToDate(first.next);
    expect(await ask(now)).toEqual({ orders: [], prices: [], next: now, more: false });

    await setPrice('prd_0007', 777);
    const { id } = orderSchema.parse((await buy(randomUUID())).data);
    const news = await ask(now);
    expect(news.orders).toMatchObject([{ id, status: 'confirmed' }]);
    expect(news.prices).toEqual([{ id: 'prd_0007', price: { amount: 777, currency: 'EUR' } }]);
    expect(await ask(news.next)).toMatchObject({ orders: [], prices: [] });
  });

  test('is a 304 while nothing has changed, and is sent once something has', async () => {
    const params = { since: await upToDate() };
    const first = await mobile.get<unknown>('/v1/sync', { params });
    expect(first.headers['cache-control']).toBe('private, max-age=0');
    const headers = { 'if-none-match': String(first.headers['etag']) };
    const same = await mobile.get<unknown>('/v1/sync', { params, headers });
    expect([same.status, same.data]).toEqual([304, '']);
    await setPrice('prd_0008', 888);
    const changed = await mobile.get<unknown>('/v1/sync', { params, headers });
    expect([changed.status, syncAnswer.parse(changed.data).prices]).toMatchObject([
      200,
      [{ id: 'prd_0008' }],
    ]);
  });

  test.each(['made-up', 'e30'])('refuses the token "%s", naming the field', async (since) => {
    const { status, data } = await mobile.get<unknown>('/v1/sync', { params: { since } });
    expect([status, data]).toMatchObject([400, { code: 'input.invalid', fields: [{ field: 'since' }] }]);
  });
});
