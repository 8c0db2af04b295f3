import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { speakAs } from '@facet/auth/assertion';
import type { InputOf } from '@facet/contracts';
import { orders, type Order } from '@facet/shop-orders';
import { customers, orders as sampleOrders } from '@facet/shop-sample-data';
import { connectService, eventually, startWorld, type ServiceClient, type World } from '@facet/testing';
import pg from 'pg';

const scopes = ['orders:read', 'orders:write'];
const owners = new Map<string, string>();

/** The owner of what is asked for: the customer that the input names, or the one that placed the order. */
function asCustomer(input: unknown): string {
  const { customerId, id = '' } = input as { customerId?: string; id?: string };
  return as(customerId ?? owners.get(id) ?? 'cus_nobody').caller;
}
const as = (customerId: string) => ({
  caller: speakAs('orders', { kind: 'user', credential: 'bearer', scopes, customerId })(),
});

let world: World;
let service: ServiceClient;

beforeAll(async () => {
  // Nothing is swept while the test runs, so that what expires shows by being looked at.
  world = await startWorld({ services: ['orders'], env: { orders: { SWEEP_INTERVAL_MS: '3600000' } } });
  service = await connectService(world.process('orders').addresses['tcp'], { caller: asCustomer });
}, 60_000);

afterAll(async () => {
  service?.close();
  await world?.stop();
}, 60_000);

let numbers = 0;
const unique = (what: string) => `${what}-${(numbers += 1)}-of-test`;

const unitPrice = { amount: 3_950, currency: 'EUR' };
const buyer = () => unique('cus');
const placing = (more: Partial<InputOf<typeof orders.place>> = {}): InputOf<typeof orders.place> => ({
  idempotencyKey: unique('key'),
  customerId: buyer(),
  lines: [
    { productId: 'prd_0002', title: 'Kettle', quantity: 2, unitPrice: { amount: 3_950, currency: 'EUR' } },
    { productId: 'prd_0001', title: 'Pot', quantity: 1, unitPrice: { amount: 12_900, currency: 'EUR' } },
  ],
  shippingAddress: {
    recipient: 'Ada',
    street: 'Kirchweg 1',
    postalCode: '10437',
    city: 'Berlin',
    country: 'DE',
  },
  paymentId: unique('pay'),
  reservationId: unique('rsv'),
  ...more,
});
const place = async (more: Partial<InputOf<typeof orders.place>> = {}) => {
  const order = await service.call(orders.place, placing(more));
  owners.set(order.id, order.customerId);
  return order;
};
/** An order that does not exist belongs to nobody. */
const ownerOf = (id: string) => owners.get(id) ?? 'cus_0001';
const confirm = (id: string) =>
  service.call(orders.confirm, { idempotencyKey: unique('key'), customerId: ownerOf(id), id });
const cancel = (id: string) =>
  service.call(orders.cancel, {
    ...{ idempotencyKey: unique('key'), customerId: ownerOf(id), id },
    reason: 'changed my mind',
  });

describe('reading', () => {
  const customerId = customers()[0]?.id ?? '';
  const mine = sampleOrders().filter((order) => order.customerId === customerId);

  test("pages through a customer's orders, newest first, as they were seeded", async () => {
    const first = await service.call(orders.list, { customerId, pageSize: 10 });
    const second = await service.call(orders.list, { customerId, pageSize: 10, page: 2 });
    expect(first.total).toBe(mine.length);
    expect([...first.items, ...second.items]).toEqual([...mine].reverse().slice(0, 20));
    expect(orders.list.output.safeParse(first).error).toBeUndefined();
  });

  test("does not show another customer's order, and does not say that there is one", async () => {
    const own = await service.call(orders.order, { id: mine[0]?.id ?? '', customerId });
    expect(own).toEqual(mine[0]);
    const other = service.call(orders.order, { id: own.id, customerId: 'cus_0002' });
    const none = service.call(orders.order, { id: 'ord_nothing', customerId: 'cus_0002' });
    const [a, b] = await Promise.all([other, none].map((call) => call.catch((error: unknown) => error)));
    expect(a).toMatchObject({ code: 'orders.order-not-found', status: 404 });
    expect(a).toEqual(b);
  });

  test('gives all changes of a customer, oldest first, and then only what is new', async () => {
    let cursor: string | undefined;
    const seen: Order[] = [];
    for (let more = true; more;) {
      const since = cursor === undefined ? {} : { since: cursor };
      const page = await service.call(orders.changes, { customerId, limit: 50, ...since });
      seen.push(...page.items);
      cursor = page.next;
      more = page.more;
    }
    expect(seen.map(({ id }) => id).sort()).toEqual(mine.map(({ id }) => id).sort());
    const moments = seen.map(({ updatedAt }) => updatedAt);
    expect(moments).toEqual([...moments].sort());
    const placed = await place({ customerId });
    const news = await service.call(orders.changes, { customerId, since: cursor ?? '' });
    expect(news.items).toEqual([placed]);
    await confirm(placed.id);
    const later = await service.call(orders.changes, { customerId, since: news.next });
    expect(later.items).toMatchObject([{ id: placed.id, status: 'confirmed' }]);
  });

  test('gives as many changes at once as one answer can carry, however long the orders are', async () => {
    const customerId = buyer();
    const line = { ...{ productId: 'prd_0001', title: 'T'.repeat(300), quantity: 1 }, unitPrice };
    const lines = Array.from({ length: 50 }, () => line);
    const placed: Order[] = [];
    while (placed.length < 60) placed.push(await place({ customerId, lines }));
    const first = await service.call(orders.changes, { customerId, limit: 200 });
    expect([first.items.length > 1, first.items.length < 60, first.more]).toEqual([true, true, true]);
    const seen = [...first.items];
    for (let { next, more } = first; more;) {
      const page = await service.call(orders.changes, { customerId, limit: 200, since: next });
      seen.push(...page.items);
      ({ next, more } = page);
    }
    expect(seen.map(({ id }) => id).sort()).toEqual(placed.map(({ id }) => id).sort());
  }, 60_000);

  test('refuses a cursor that it has not given out', async () => {
    await expect(service.call(orders.changes, { customerId, since: 'yesterday' })).rejects.toMatchObject({
      code: 'orders.bad-cursor',
      status: 400,
      fields: [{ field: 'since' }],
    });
  });
});

describe('placing', () => {
  test('writes down lines in their order, with the total, as pending', async () => {
    const input = placing({ reference: 'PO-1' });
    const order = await service.call(orders.place, input);
    expect(order).toMatchObject({
      status: 'pending',
      total: { amount: 20_800, currency: 'EUR' },
      lines: input.lines,
    });
    expect(await service.call(orders.order, { id: order.id, customerId: input.customerId })).toEqual(order);
    const found = await service.call(orders.byReference, { customerId: input.customerId, reference: 'PO-1' });
    expect(found).toEqual(order);
  });

  test('the same again gives the same order, also twenty times at once', async () => {
    const input = placing();
    const answers = await Promise.all(Array.from({ length: 20 }, () => service.call(orders.place, input)));
    expect(new Set(answers.map(({ id }) => id)).size).toBe(1);
    const { total } = await service.call(orders.list, { customerId: input.customerId });
    expect(total).toBe(1);
  });

  test('refuses a reference that the customer has used, though another customer may use it', async () => {
    const customerId = buyer();
    const { id } = await place({ customerId, reference: 'PO-7' });
    await expect(place({ customerId, reference: 'PO-7' })).rejects.toMatchObject({
      code: 'orders.duplicate-reference',
      status: 409,
    });
    await expect(place({ reference: 'PO-7' })).resolves.toMatchObject({ reference: 'PO-7' });
    await cancel(id);
    const again = await place({ customerId, reference: 'PO-7' });
    expect(await service.call(orders.byReference, { customerId, reference: 'PO-7' })).toEqual(again);
  });

  test('of two at once with the same reference one succeeds', async () => {
    const customerId = buyer();
    const outcomes = await Promise.allSettled(
      Array.from({ length: 6 }, () => place({ customerId, reference: 'PO-8' })),
    );
    expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
  });

  test.each(['.', '..', 'changes', 'a\u0000b', 'a\ud800b'])(
    'refuses a reference that no address can lead to: %j',
    async (reference) => {
      await expect(place({ reference })).rejects.toMatchObject({
        ...{ code: 'input.invalid', status: 400, fields: [{ field: 'reference' }] },
      });
    },
  );

  test('takes whatever else a buyer calls it', async () => {
    for (const reference of ['...', '.a', 'changes/2025', 'Changes', "O'Neill & Söhne 😀"])
      expect(await place({ reference })).toMatchObject({ reference });
  });

  test('keeps to one currency', async () => {
    const [line] = placing().lines;
    const dollars = { ...line, unitPrice: { amount: 1, currency: 'USD' } } as NonNullable<typeof line>;
    await expect(place({ lines: [...placing().lines, dollars] })).rejects.toMatchObject({
      code: 'orders.mixed-currencies',
    });
  });
});

describe('the end of a pending order', () => {
  test('is being confirmed, and then it cannot be cancelled', async () => {
    const { id } = await place();
    expect(await confirm(id)).toMatchObject({ id, status: 'confirmed' });
    expect(await confirm(id)).toMatchObject({ id, status: 'confirmed' });
    await expect(cancel(id)).rejects.toMatchObject({ code: 'orders.order-confirmed', status: 409 });
  });

  test('is being cancelled, once and for all', async () => {
    const { id } = await place();
    const cancelled = await cancel(id);
    expect(cancelled).toMatchObject({ id, status: 'cancelled' });
    expect(await cancel(id)).toEqual(cancelled);
    await expect(confirm(id)).rejects.toMatchObject({ code: 'orders.order-cancelled', status: 409 });
  });

  test('comes by itself when nobody confirms it in time, and is seen as a change', async () => {
    const customerId = buyer();
    const { id } = await place({ customerId, ttlSeconds: 1, reference: 'late' });
    const { next } = await service.call(orders.changes, { customerId });
    await eventually(async () => {
      const order = await service.call(orders.order, { id, customerId });
      return order.status === 'cancelled';
    });
    expect((await service.call(orders.changes, { customerId, since: next })).items).toMatchObject([
      { id, status: 'cancelled' },
    ]);
    await expect(confirm(id)).rejects.toMatchObject({ code: 'orders.order-cancelled' });
    await expect(place({ customerId, reference: 'late' })).resolves.toMatchObject({ status: 'pending' });
  });

  test('is one of the two when somebody confirms and somebody cancels at once', async () => {
    for (let round = 0; round < 5; round += 1) {
      const { id } = await place();
      const [confirmed, cancelled] = await Promise.allSettled([confirm(id), cancel(id)]);
      expect([confirmed.status, cancelled.status].sort()).toEqual(['fulfilled', 'rejected']);
    }
  });

  test('Z1 is not brought about by another customer, who learns nothing of the order', async () => {
    const { id, customerId } = await place();
    const input = { id, customerId: 'cus_0001', idempotencyKey: unique('key'), reason: 'mischief' };
    const { reason: _, ...confirmation } = input;
    const notFound = { code: 'orders.order-not-found', status: 404 };
    await expect(service.call(orders.confirm, confirmation, as('cus_0001'))).rejects.toMatchObject(notFound);
    await expect(service.call(orders.cancel, input, as('cus_0001'))).rejects.toMatchObject(notFound);
    expect(await service.call(orders.order, { id, customerId })).toMatchObject({ status: 'pending' });
  });

  test('is refused for an order that is not there', async () => {
    await expect(confirm('ord_none')).rejects.toMatchObject({ code: 'orders.order-not-found', status: 404 });
  });
});

describe('whose orders they are', () => {
  const denied = { code: 'access.denied', status: 403 };

  test("Z1 no list, order or change of another customer is answered, and none is placed in another's name", async () => {
    const theirs = { customerId: 'cus_0002' };
    const results = await Promise.allSettled([
      service.call(orders.list, theirs, as('cus_0001')),
      service.call(orders.order, { ...theirs, id: 'ord_1' }, as('cus_0001')),
      service.call(orders.byReference, { ...theirs, reference: 'PO-1' }, as('cus_0001')),
      service.call(orders.changes, theirs, as('cus_0001')),
      service.call(orders.place, placing(theirs), as('cus_0001')),
    ]);
    for (const result of results) expect(result).toMatchObject({ status: 'rejected', reason: denied });
  });

  test('Z2 a caller without the scope is refused, the gateway itself too', async () => {
    const input = { customerId: 'cus_0001' };
    const reader = { caller: speakAs('orders', { ...input, scopes: ['orders:read'] })() };
    await expect(service.call(orders.place, placing(input), reader)).rejects.toMatchObject(denied);
    await expect(
      service.call(orders.list, input, { caller: speakAs('orders', input)() }),
    ).rejects.toMatchObject(denied);
  });

  test('I2 a frame without an assertion is refused', async () => {
    const anybody = await connectService(world.process('orders').addresses['tcp']);
    await expect(anybody.call(orders.list, { customerId: 'cus_0001' })).rejects.toMatchObject({
      code: 'caller.unproven',
    });
    anybody.close();
  });
});

test('is swept where nobody looks', async () => {
  const { id } = await place({ ttlSeconds: 1 });
  await world.restart('orders', { SWEEP_INTERVAL_MS: '50' });
  const url = new URL(world.database.url);
  url.pathname = `/${world.database.prefix}orders`;
  const database = new pg.Client({ connectionString: url.href });
  await database.connect();
  try {
    await eventually(async () => {
      const { rows } = await database.query<{ status: string }>('select status from orders where id = $1', [
        id,
      ]);
      return rows[0]?.status === 'cancelled';
    });
  } finally {
    await database.end();
  }
}, 60_000);
