import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals';
import { generateApiKey, hashApiKey, hintOf } from '@facet/auth';
import { speakAs } from '@facet/auth/assertion';
import { accounts } from '@facet/shop-accounts';
import { order as orderSchema } from '@facet/shop-orders';
import { payments, testCards } from '@facet/shop-payments';
import { connectService, startWorld, type World } from '@facet/testing';
import axios, { type AxiosInstance } from 'axios';
import { offersAnswer } from '../src/offers/offers.aggregation.js';

jest.setTimeout(60_000);

let world: World;
let acme: AxiosInstance;
let other: AxiosInstance;
let noCustomer: AxiosInstance;

beforeAll(async () => {
  world = await startWorld({
    services: ['accounts', 'catalog', 'inventory', 'orders', 'payments'],
    gateways: ['partner-bff'],
  });
  acme = await partner('acme', 'cus_0010');
  other = await partner('other', 'cus_0011');
  noCustomer = await partner('reader');
}, 120_000);

afterAll(() => world?.stop());

async function partner(name: string, customerId?: string): Promise<AxiosInstance> {
  const caller = speakAs('accounts', { roles: ['operator'] });
  const client = await connectService(world.process('accounts').addresses['tcp'], { caller });
  const key = generateApiKey();
  await client.call(accounts.issueApiKey, {
    ...{ idempotencyKey: randomUUID(), hash: hashApiKey(key) ?? '', hint: hintOf(key), partner: name },
    scopes: ['catalog:read', 'inventory:read', 'orders:read', 'orders:write'],
    plan: 'standard',
    ...(customerId === undefined ? {} : { customerId }),
  });
  client.close();
  const headers = { authorization: `Bearer ${key}` };
  return axios.create({ baseURL: world.url('partner-bff'), headers, validateStatus: () => true });
}

async function ledgerOf(reference: string): Promise<string[]> {
  const caller = speakAs('payments', { roles: ['operator'] });
  const client = await connectService(world.process('payments').addresses['tcp'], { caller });
  const { items } = await client.call(payments.ledger, { reference });
  client.close();
  return items.map(({ kind }) => kind);
}

const shippingAddress = {
  recipient: 'Acme Warehouse',
  street: 'Hafenstrasse 1',
  postalCode: '20457',
  city: 'Hamburg',
  country: 'DE',
};

const order = (by: AxiosInstance, reference: string, key: string = randomUUID(), more: object = {}) =>
  by.post<Record<string, unknown>>(
    '/v1/orders',
    {
      ...{ reference, shippingAddress, card: testCards.approve },
      lines: [{ productId: 'prd_0001', quantity: 1 }],
      ...more,
    },
    { headers: { 'idempotency-key': key } },
  );

describe("a partner's order", () => {
  test('is on its own account, to any address, and is found again by its own reference', async () => {
    const { status, data, headers } = await order(acme, 'PO/2025-1');
    expect(status).toBe(201);
    expect(orderSchema.parse(data)).toMatchObject({
      ...{ customerId: 'cus_0010', reference: 'PO/2025-1', status: 'confirmed', shippingAddress },
    });
    expect(headers['location']).toBe('/v1/orders/PO%2F2025-1');
    expect((await acme.get<unknown>(String(headers['location']))).data).toEqual(data);
    expect((await other.get(String(headers['location']))).status).toBe(404);
    expect(await ledgerOf('PO/2025-1')).toEqual(['authorise', 'capture']);
  });

  test('again with the same key is the same order, charged once', async () => {
    const key = randomUUID();
    const [first, again] = [await order(acme, 'PO-2', key), await order(acme, 'PO-2', key)];
    expect([again.status, again.data]).toEqual([201, first.data]);
    expect(await ledgerOf('PO-2')).toEqual(['authorise', 'capture']);
  });

  test('under a reference that is taken is refused and not charged, whatever its key', async () => {
    await order(acme, 'PO-3');
    expect(await order(acme, 'PO-3')).toMatchObject({
      status: 409,
      data: { code: 'orders.duplicate-reference', fields: [{ field: 'reference' }] },
    });
    expect(await ledgerOf('PO-3')).toEqual(['authorise', 'capture', 'authorise', 'void']);
    expect((await order(other, 'PO-3')).status).toBe(201);
  });

  test('of a partner that buys for no customer is refused before anything is done', async () => {
    expect(await order(noCustomer, 'PO-4')).toMatchObject({ status: 403, data: { code: 'access.denied' } });
    expect(await ledgerOf('PO-4')).toEqual([]);
  });

  test.each([
    ['reference', { reference: undefined }],
    ['shippingAddress', { shippingAddress: undefined }],
    ['shippingAddress.country', { shippingAddress: { ...shippingAddress, country: 'Germany' } }],
    [
      'shippingAddress.recipient',
      { shippingAddress: { ...shippingAddress, recipient: 'A'.repeat(240_000) } },
    ],
    ['shippingAddress.recipient', { shippingAddress: { ...shippingAddress, recipient: 'a\u0000b' } }],
    ['shippingAddress.city', { shippingAddress: { ...shippingAddress, city: 'a\ud800b' } }],
    ...['x\u0000y', 'x\ud800y', '.', '..', 'changes'].map(
      (reference) => ['reference', { reference }] as [string, object],
    ),
    ['card', { card: 'tok\u0000' }],
    ['lines.0.quantity', { lines: [{ productId: 'prd_0001', quantity: 0 }] }],
    ['customerId', { customerId: 'cus_0001' }],
  ])('Z3 with a wrong %s is refused', async (field, more) => {
    const { status, data } = await order(acme, 'PO-5', randomUUID(), more);
    expect([status, data]).toMatchObject([400, { fields: [{ field }] }]);
  });
});

test.each(['%00', 'a%0Ab'])('an order is not looked for under a reference with %s', async (reference) => {
  const { status, data } = await acme.get<unknown>(`/v1/orders/${reference}`);
  expect([status, data]).toMatchObject([400, { code: 'input.invalid', fields: [{ field: 'reference' }] }]);
});

describe('price and stock of many products', () => {
  const ids = Array.from({ length: 500 }, (_, index) => `prd_${String(index + 1).padStart(4, '0')}`);

  test('come for 500 ids at once, by address or by body', async () => {
    const byAddress = await acme.get<unknown>(`/v1/offers?ids=${ids.join(',')}`);
    expect(
      offersAnswer
        .parse(byAddress.data)
        .items.map(({ id }) => id)
        .sort(),
    ).toEqual(ids);
    const byBody = await acme.post<unknown>('/v1/offers', { ids });
    expect([byBody.status, byBody.data]).toEqual([200, byAddress.data]);
  });

  test('Z6 are refused for more', async () => {
    const { status, data } = await acme.post<unknown>('/v1/offers', { ids: [...ids, 'prd_0501'] });
    expect([status, data]).toMatchObject([400, { fields: [{ field: 'ids' }] }]);
  });
});
