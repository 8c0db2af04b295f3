import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals';
import { order as orderSchema } from '@facet/shop-orders';
import { testCards } from '@facet/shop-payments';
import { eventually, signIn, startSignInWorld } from '@facet/testing';
import axios, { type AxiosInstance } from 'axios';
import { orderView } from '../src/orders/order-view.js';
import { ordersAnswer } from '../src/orders/orders.aggregation.js';
import { Books } from './books.js';

jest.setTimeout(60_000);

const productId = 'prd_0001';
let site: Awaited<ReturnType<typeof startSignInWorld>>;
let books: Books;
let web: AxiosInstance;

beforeAll(async () => {
  site = await startSignInWorld({
    gateway: 'web-bff',
    services: ['accounts', 'catalog', 'inventory', 'orders', 'payments'],
  });
  books = await Books.open(site.world, 'cus_0001');
  const headers = await signIn(site.origin, 'ada');
  web = axios.create({ baseURL: site.origin, headers, validateStatus: () => true });
}, 120_000);

afterAll(async () => {
  books?.close();
  await site?.stop();
});

const basket = {
  lines: [{ productId, quantity: 2 }],
  card: testCards.approve as string,
  addressId: 'cus_0001_a1',
};
type Basket = Partial<typeof basket> & { readonly expectedTotal?: object };

const buy = (changed: Basket = {}, key: string = randomUUID()) =>
  web.post<Record<string, unknown>>(
    '/api/checkout',
    { ...basket, ...changed },
    { headers: { 'idempotency-key': key } },
  );

/** What a checkout answers, and what it leaves behind in the services. */
async function watched(changed: Basket, watchedId = productId) {
  const mark = await books.mark(watchedId);
  const { status, data } = await buy(changed);
  return { status, code: data['code'], ...(await books.since(mark, watchedId)) };
}

const untouched = { ledger: [], orders: [], taken: 0 };

describe('a checkout', () => {
  test('charges once, takes the stock and confirms the order, which can then be read', async () => {
    const mark = await books.mark(productId);
    const { status, data, headers } = await buy();
    expect(status).toBe(201);
    const order = orderSchema.parse(data);
    const { amount, currency } = await books.priceOf(productId);
    expect(order).toMatchObject({
      customerId: 'cus_0001',
      status: 'confirmed',
      total: { amount: amount * 2, currency },
      shippingAddress: { recipient: 'Ada Byron' },
    });
    expect(headers).toMatchObject({ location: `/api/orders/${order.id}`, 'cache-control': 'no-store' });
    expect(await books.since(mark, productId)).toEqual({
      ledger: ['authorise', 'capture'],
      orders: ['confirmed'],
      taken: 2,
    });
    const read = await web.get<unknown>(String(headers['location']));
    expect(orderView.parse(read.data)).toMatchObject({ ...order, lines: order.lines });
  });

  test('again with the same key is the same order, and charges nothing more', async () => {
    const key = randomUUID();
    const first = await buy({}, key);
    const mark = await books.mark(productId);
    const [second, third] = await Promise.all([buy({}, key), buy({}, key)]);
    for (const again of [second, third]) expect([again.status, again.data]).toEqual([201, first.data]);
    expect(await books.since(mark, productId)).toEqual(untouched);
  });

  test('of somebody else with the same key is an order of their own', async () => {
    const key = randomUUID();
    const first = await buy({}, key);
    const grace = await signIn(site.origin, 'grace');
    const own = { ...basket, addressId: 'cus_0002_a1' };
    const headers = { ...grace, 'idempotency-key': key };
    const theirs = await axios.post<Record<string, unknown>>(`${site.origin}/api/checkout`, own, { headers });
    expect([first.status, theirs.status, theirs.data['customerId']]).toEqual([201, 201, 'cus_0002']);
    expect(theirs.data['id']).not.toBe(first.data['id']);
  });

  test('D1 with a key that was used for another basket is refused, and changes nothing', async () => {
    const key = randomUUID();
    await buy({}, key);
    const mark = await books.mark(productId);
    const other = await buy({ lines: [{ productId, quantity: 1 }] }, key);
    expect(other).toMatchObject({ status: 422, data: { code: 'idempotency.key-reused' } });
    expect(await books.since(mark, productId)).toEqual(untouched);
  });

  test.each([
    [
      'with a declined card',
      { card: testCards.decline },
      [402, 'payments.card-declined'],
      { ...untouched, ledger: ['decline'] },
    ],
    [
      'whose amount cannot be taken',
      { card: testCards.captureDecline },
      [402, 'payments.capture-declined'],
      { ...untouched, ledger: ['authorise', 'decline', 'void'], orders: ['cancelled'] },
    ],
    ['with a card that nobody knows', { card: 'tok_none' }, [422, 'payments.unknown-card'], untouched],
    [
      'to an address of somebody else',
      { addressId: 'cus_0002_a1' },
      [422, 'checkout.address-not-found'],
      untouched,
    ],
    [
      'of a product that does not exist',
      { lines: [{ productId: 'none', quantity: 1 }] },
      [404, 'catalog.product-not-found'],
      untouched,
    ],
    [
      'at another price than was shown',
      { expectedTotal: { amount: 1, currency: 'EUR' } },
      [409, 'catalog.price-changed'],
      untouched,
    ],
  ] as const)(
    '%s is refused with a problem of its own, and leaves nothing behind',
    async (_, changed, problem, left) => {
      const { status, code, ...change } = await watched(changed as Basket);
      expect([status, code]).toEqual(problem);
      expect(change).toEqual(left);
    },
  );

  test('of more than there is is refused, and the others can still be had', async () => {
    const available = await books.available('prd_0002');
    const lines = Array.from({ length: Math.floor(available / 100) + 1 }, () => ({
      productId: 'prd_0002',
      quantity: 100,
    }));
    expect(await watched({ lines }, 'prd_0002')).toEqual({
      status: 409,
      code: 'inventory.insufficient-stock',
      ...untouched,
    });
  });

  test('whose card is never answered for is a 504; the stock is back at once, and the hold on the card runs out', async () => {
    const mark = await books.mark(productId);
    const { status, data } = await buy({ card: testCards.timeout });
    expect([status, data['code'], data['service']]).toEqual([504, 'checkout.authorise-timeout', 'payments']);
    expect(await books.since(mark, productId)).toEqual({ ...untouched, ledger: ['authorise'] });
    expect(site.world.process('web-bff').output()).toMatch(
      /"level":"error".*"step":"authorise","why":"outcome-unknown".*a saga left something behind/,
    );
    await books.expireAuthorisations();
    await eventually(async () => (await books.since(mark, productId)).ledger.includes('expire'));
  });

  test('while nobody takes payments is a 503, nothing is left behind, and it can be repeated later', async () => {
    const mark = await books.mark(productId);
    await site.world.killApp('payments');
    const { status, data, headers } = await buy();
    expect([status, data['code']]).toEqual([503, 'checkout.authorise-unavailable']);
    expect(Number(headers['retry-after'])).toBeGreaterThan(0);
    await site.world.startApp('payments');
    expect(await books.since(mark, productId)).toEqual(untouched);
    await eventually(async () => (await buy()).status === 201);
  });

  test.each([
    ['without a sign-in', { cookie: '' }, 401],
    ['W6 from a page that is not ours', { 'x-csrf': '' }, 401],
    ['D1 without a key', { 'idempotency-key': '' }, 400],
  ])('%s is refused', async (_, headers, status) => {
    const answer = await web.post('/api/checkout', basket, {
      headers: { 'idempotency-key': randomUUID(), ...headers },
    });
    expect(answer.status).toBe(status);
  });

  test('Z3 never takes an owner, a price or a state from its body', async () => {
    for (const field of ['customerId', 'total', 'status', 'paymentId']) {
      const { status, data } = await buy({ [field]: 'cus_0002' });
      expect([status, data]).toMatchObject([400, { code: 'input.invalid', fields: [{ field }] }]);
    }
  });
});

describe("a customer's orders", () => {
  test('have a picture and the stock of each product', async () => {
    const { data } = await web.get<unknown>('/api/orders?pageSize=5');
    const { items, total } = ordersAnswer.parse(data);
    expect([items.length, total > 5]).toEqual([5, true]);
    for (const { customerId, lines } of items) {
      expect(customerId).toBe('cus_0001');
      for (const { picture, stock } of lines)
        expect([picture?.sizes.length, typeof stock]).toEqual([5, 'string']);
    }
  });

  test('are theirs alone', async () => {
    const { data } = await web.get<{ items: { id: string }[] }>('/api/orders?pageSize=1');
    const headers = await signIn(site.origin, 'grace');
    const id = data.items[0]?.id ?? '';
    const theirs = await axios.get(`${site.origin}/api/orders/${id}`, {
      headers,
      validateStatus: () => true,
    });
    expect(theirs).toMatchObject({ status: 404, data: { code: 'orders.order-not-found' } });
  });
});

describe.each([
  ['orders', '/api/orders'],
  ['accounts', '/api/account'],
])('without %s', (service, path) => {
  test('what needs it is a 503 that names it, the rest goes on, and it comes back by itself', async () => {
    await site.world.killApp(service);
    const { status, data } = await web.get<unknown>(path);
    expect([status, data]).toMatchObject([503, { code: 'upstream.unavailable', service }]);
    expect((await web.get('/api/home')).status).toBe(200);
    await site.world.startApp(service);
    await eventually(async () => (await web.get(path)).status === 200);
  });
});
