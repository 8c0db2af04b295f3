import { callOf, type Call, type Caller } from '@facet/contracts';
import { answer, servicesOf } from '@facet/contracts/testing';
import { runSaga } from '@facet/saga';
import { accounts } from '@facet/shop-accounts';
import { catalog } from '@facet/shop-catalog';
import { inventory } from '@facet/shop-inventory';
import { orders, type Order } from '@facet/shop-orders';
import { payments } from '@facet/shop-payments';
import { describe, expect, test } from '@jest/globals';
import { checkout, ofCustomer, ofPartner } from './index.js';

const caller: Caller = {
  ...{ subject: 'ada', client: 'spec', customerId: 'cus_1' },
  ...{ kind: 'user' as const, credential: 'bearer' as const, scopes: ['orders:write'], roles: [] },
};
const address = { recipient: 'Ada', street: 'Weg 1', postalCode: '1', city: 'Bern', country: 'CH' };
const price = { amount: 250, currency: 'EUR' };
const lines = [{ productId: 'p1', quantity: 2 }];
const total = { amount: 500, currency: 'EUR' };
const at = '2025-06-01T08:00:00.000Z';
const order: Order = {
  ...{ id: 'ord_1', customerId: 'cus_1', reference: null, status: 'pending', total },
  lines: [{ productId: 'p1', quantity: 2, title: 'A lamp', unitPrice: price }],
  shippingAddress: address,
  ...{ paymentId: 'pay_1', reservationId: 'rsv_1', createdAt: at, updatedAt: at },
};
const payment = { id: 'pay_1', amount: total, reference: 'rsv_1', createdAt: at, updatedAt: at };
const answers = [
  answer(catalog.quote, { lines: order.lines, total }),
  answer(inventory.reserve, { reservationId: 'rsv_1', expiresAt: at }),
  answer(payments.authorise, { ...payment, status: 'authorised' }),
  answer(orders.place, order),
  answer(payments.capture, { ...payment, status: 'captured' }),
  answer(inventory.commit, { reservationId: 'rsv_1', status: 'committed' }),
  answer(orders.confirm, { ...order, status: 'confirmed' }),
  answer(accounts.customer, {
    ...{ id: 'cus_1', name: 'Ada', email: 'ada@example.com', locale: 'de-CH' },
    addresses: [{ id: 'adr_1', label: 'Home', ...address }],
  }),
];
const { signal } = new AbortController();

/** What was sent, by operation; its keys left out. */
async function sentFor(input: Partial<{ reference: string }> = {}) {
  const sent = new Map<string, object>();
  const known = callOf(servicesOf(answers));
  const call = ((operation, given, options) => {
    const { idempotencyKey: _, ...rest } = given as { idempotencyKey: string };
    sent.set(operation.pattern, rest);
    return known(operation, given, options);
  }) as Call;
  const { value } = await runSaga(checkout, {
    input: { lines, card: 'tok', shippingAddress: address, ...input },
    ...{ caller, key: 'key-00001', call, signal, record: () => undefined },
  });
  return { sent, value };
}

describe('a checkout', () => {
  test('goes from the quote to a confirmed order', async () => {
    const { sent, value } = await sentFor();
    expect([...sent.keys()]).toEqual(checkout.steps.map(({ operation }) => operation.pattern));
    expect(value).toMatchObject({ id: 'ord_1', status: 'confirmed' });
  });

  test('holds and orders what was quoted, for every caller', async () => {
    const { sent } = await sentFor();
    expect(sent.get('payments.authorise')).toMatchObject({ amount: total, card: 'tok', reference: 'rsv_1' });
    expect(sent.get('orders.place')).toMatchObject({
      ...{ customerId: 'cus_1', lines: order.lines, shippingAddress: address },
      ...{ paymentId: 'pay_1', reservationId: 'rsv_1' },
    });
  });

  test("is booked under the buyer's own reference where there is one", async () => {
    const { sent } = await sentFor({ reference: 'PO-1' });
    expect(sent.get('payments.authorise')).toMatchObject({ reference: 'PO-1' });
    expect(sent.get('orders.place')).toMatchObject({ reference: 'PO-1' });
  });

  test('puts stock aside for less time than order and payment hold, so that the stock decides', async () => {
    const { sent } = await sentFor();
    const secondsOf = (pattern: string) => (sent.get(pattern) as { ttlSeconds: number }).ttlSeconds;
    expect(secondsOf('inventory.reserve')).toBeLessThan(secondsOf('payments.authorise'));
    expect(secondsOf('inventory.reserve')).toBeLessThan(secondsOf('orders.place'));
    expect(secondsOf('inventory.reserve') * 1_000).toBeGreaterThan(checkout.deadlineMs + checkout.undoMs);
  });

  test.each([undefined, { ...caller, customerId: undefined }])(
    'of who is no customer (%j) is refused before anything is sent',
    async (nobody) => {
      const sent: string[] = [];
      const call = ((operation: { pattern: string }) => {
        sent.push(operation.pattern);
        return Promise.reject(new Error('nothing is to be sent'));
      }) as unknown as Call;
      const run = runSaga(checkout, {
        input: { lines, card: 'tok', shippingAddress: address },
        ...(nobody === undefined ? {} : { caller: nobody }),
        ...{ key: 'key-00002', call, signal, record: () => undefined },
      });
      await expect(run).rejects.toMatchObject({ code: 'access.denied', status: 403, unresolved: [] });
      expect(sent).toEqual([]);
    },
  );

  test('ends with the steps that cannot be undone, and undoes first what they rest on', () => {
    const isFinal = checkout.steps.map(({ compensate, harmless }) => compensate === undefined && !harmless);
    expect(isFinal).toEqual([false, false, false, false, false, true, true]);
    const first = checkout.steps.filter(({ compensate }) => compensate?.first === true);
    expect(first.map(({ name }) => name)).toEqual(['reserve']);
  });
});

const context = { call: callOf(servicesOf(answers)), signal, deadline: Infinity };

describe('a customer', () => {
  const input = { lines, card: 'tok', addressId: 'adr_1' };

  test('buys to an address of their own', async () => {
    expect(await ofCustomer.prepare({ ...context, caller, input })).toEqual({
      ...{ lines, card: 'tok', shippingAddress: address },
    });
  });

  test('is told of an address that they do not have', async () => {
    const prepared = ofCustomer.prepare({ ...context, caller, input: { ...input, addressId: 'adr_2' } });
    await expect(prepared).rejects.toMatchObject({
      ...{ code: 'checkout.address-not-found', status: 422, fields: [{ field: 'addressId' }] },
    });
  });

  test.each([undefined, { ...caller, customerId: undefined }])('has to be one (%j)', async (nobody) => {
    const prepared = ofCustomer.prepare({ ...context, caller: nobody, input });
    await expect(prepared).rejects.toMatchObject({ code: 'access.denied', status: 403 });
  });
});

describe('a partner', () => {
  test('has to name its own reference and an address', () => {
    const { error } = ofPartner.input.safeParse({ lines, card: 'tok' });
    expect(error?.issues.map(({ path }) => path.join('.')).sort()).toEqual(['reference', 'shippingAddress']);
  });

  test('has to buy for a customer', () => {
    const input = { lines, card: 'tok', shippingAddress: address, reference: 'PO-1' };
    expect(() => ofPartner.prepare({ ...context, caller: undefined, input })).toThrow('no customerId');
  });
});
