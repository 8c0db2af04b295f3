import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { speakAs } from '@facet/auth/assertion';
import type { InputOf } from '@facet/contracts';
import type { Fault } from '@facet/platform';
import { payments, testCards } from '@facet/shop-payments';
import { orders as sampleOrders } from '@facet/shop-sample-data';
import { connectService, eventually, startWorld, type ServiceClient, type World } from '@facet/testing';
import pg from 'pg';

const customerId = 'cus_0001';
const scopes = ['orders:read', 'orders:write'];
const caller = speakAs('payments', { customerId, scopes, roles: ['operator'] });
let world: World;
let service: ServiceClient;

beforeAll(async () => {
  // Nothing is swept while the test runs, so that what expires shows by being looked at.
  world = await startWorld({ services: ['payments'], env: { payments: { SWEEP_INTERVAL_MS: '3600000' } } });
  service = await connectService(world.process('payments').addresses['tcp'], { caller });
}, 60_000);

afterAll(async () => {
  service?.close();
  await world?.stop();
}, 60_000);

let numbers = 0;
const unique = (what: string) => `${what}-${(numbers += 1)}-of-test`;
const asking = (
  more: Partial<InputOf<typeof payments.authorise>> = {},
): InputOf<typeof payments.authorise> => ({
  idempotencyKey: unique('key'),
  customerId,
  amount: { amount: 4_200, currency: 'EUR' },
  card: testCards.approve,
  reference: unique('ref'),
  ...more,
});
const authorise = (more: Partial<InputOf<typeof payments.authorise>> = {}) =>
  service.call(payments.authorise, asking(more));
const end = (how: 'capture' | 'void' | 'refund', paymentId: string) =>
  service.call(payments[how], { idempotencyKey: unique('key'), customerId, paymentId });
const booked = async (reference: string) =>
  (await service.call(payments.ledger, { reference })).items.map(({ kind }) => kind);
const faultOf = (call: Promise<unknown>) =>
  call.then(
    () => undefined,
    (error: unknown) => error as Fault,
  );

async function inDatabase<T>(work: (client: pg.Client) => Promise<T>): Promise<T> {
  const url = new URL(world.database.url);
  url.pathname = `/${world.database.prefix}payments`;
  const client = new pg.Client({ connectionString: url.href });
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}

describe('an approved card', () => {
  test('is held, charged and given back, each booked once', async () => {
    const payment = await authorise({ reference: 'a kettle' });
    expect(payment).toMatchObject({ status: 'authorised', reference: 'a kettle', amount: { amount: 4_200 } });
    expect(await end('capture', payment.id)).toMatchObject({ id: payment.id, status: 'captured' });
    expect(await end('capture', payment.id)).toMatchObject({ status: 'captured' });
    expect(await end('refund', payment.id)).toMatchObject({ status: 'refunded' });
    expect(await end('refund', payment.id)).toMatchObject({ status: 'refunded' });
    expect(await booked('a kettle')).toEqual(['authorise', 'capture', 'refund']);
    expect(await service.call(payments.payment, { id: payment.id, customerId })).toMatchObject({
      status: 'refunded',
    });
  });

  test('is let go, also when that is asked twice, and cannot be charged then', async () => {
    const { id, reference } = await authorise();
    expect(await end('void', id)).toMatchObject({ status: 'voided' });
    expect(await end('void', id)).toMatchObject({ status: 'voided' });
    expect(await faultOf(end('capture', id))).toMatchObject({ code: 'payments.not-authorised', status: 409 });
    expect(await faultOf(end('refund', id))).toMatchObject({ code: 'payments.not-captured', status: 409 });
    expect(await booked(reference)).toEqual(['authorise', 'void']);
  });

  test('that was charged is not let go', async () => {
    const { id } = await authorise();
    await end('capture', id);
    expect(await faultOf(end('void', id))).toMatchObject({ code: 'payments.already-captured', status: 409 });
  });
});

describe('the other cards', () => {
  test('a declined one is refused, booked as that, and refused in the same way when asked again', async () => {
    const input = asking({ card: testCards.decline });
    const first = await faultOf(service.call(payments.authorise, input));
    expect(first).toMatchObject({ code: 'payments.card-declined', status: 402 });
    expect(await faultOf(service.call(payments.authorise, input))).toEqual(first);
    expect(await booked(input.reference)).toEqual(['decline']);
  });

  test('one whose capture is declined stays held, and can be let go', async () => {
    const { id, reference } = await authorise({ card: testCards.captureDecline });
    expect(await faultOf(end('capture', id))).toMatchObject({
      code: 'payments.capture-declined',
      status: 402,
    });
    expect(await service.call(payments.payment, { id, customerId })).toMatchObject({ status: 'authorised' });
    await end('void', id);
    expect(await booked(reference)).toEqual(['authorise', 'decline', 'void']);
  });

  test('one that times out is held once, and never answered, however often it is asked', async () => {
    const input = asking({ card: testCards.timeout });
    for (let attempt = 0; attempt < 2; attempt += 1) {
      const call = service.call(payments.authorise, input, { timeoutMs: 300 });
      expect(await faultOf(call)).toMatchObject({ code: 'transport.deadline' });
      expect(await booked(input.reference)).toEqual(['authorise']);
    }
  });

  test('an unknown one is refused, naming the field, and not booked', async () => {
    const input = asking({ card: 'tok_nobody' });
    expect(await faultOf(service.call(payments.authorise, input))).toMatchObject({
      code: 'payments.unknown-card',
      status: 422,
      fields: [{ field: 'card' }],
    });
    expect(await booked(input.reference)).toEqual([]);
  });
});

describe('an authorisation that nobody uses', () => {
  test('expires by itself, is booked as that, and cannot be charged', async () => {
    const { id, reference } = await authorise({ ttlSeconds: 1 });
    await eventually(
      async () => (await service.call(payments.payment, { id, customerId })).status === 'expired',
    );
    expect(await booked(reference)).toEqual(['authorise', 'expire']);
    expect(await faultOf(end('capture', id))).toMatchObject({ code: 'payments.not-authorised' });
    expect(await end('void', id)).toMatchObject({ status: 'expired' });
  });

  test('is seen as expired by a capture that comes too late, without anybody having looked', async () => {
    const { id, reference } = await authorise({ ttlSeconds: 1 });
    const isOver = () =>
      inDatabase(async (client) => {
        const { rows } = await client.query(
          'select from payments where id = $1 and expires_at < clock_timestamp()',
          [id],
        );
        return rows.length === 1;
      });
    await eventually(isOver);
    const { fields: _fields, ...late } = (await faultOf(end('capture', id))) ?? {};
    expect(late).toMatchObject({ code: 'payments.not-authorised' });
    expect(await booked(reference)).toEqual(['authorise', 'expire']);
  });
});

describe('at once', () => {
  test('twenty with one key make one payment', async () => {
    const input = asking();
    const answers = await Promise.all(
      Array.from({ length: 20 }, () => service.call(payments.authorise, input)),
    );
    expect(new Set(answers.map(({ id }) => id)).size).toBe(1);
    expect(await booked(input.reference)).toEqual(['authorise']);
  });

  test('captures with different keys charge once', async () => {
    const { id, reference } = await authorise();
    const answers = await Promise.all(Array.from({ length: 10 }, () => end('capture', id)));
    expect(answers.every(({ status }) => status === 'captured')).toBe(true);
    expect(await booked(reference)).toEqual(['authorise', 'capture']);
  });

  test('of a capture and a void one succeeds', async () => {
    for (let round = 0; round < 5; round += 1) {
      const { id, reference } = await authorise();
      const outcomes = await Promise.allSettled([end('capture', id), end('void', id)]);
      expect(outcomes.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
      expect(await booked(reference)).toHaveLength(2);
    }
  });
});

describe('the ledger', () => {
  test('knows what was paid for every order of the sample world', async () => {
    const delivered = sampleOrders().find(({ status }) => status === 'delivered');
    const { items } = await service.call(payments.ledger, { reference: delivered?.id ?? '' });
    expect(items).toMatchObject([
      { kind: 'authorise', paymentId: delivered?.paymentId, amount: delivered?.total },
      { kind: 'capture', paymentId: delivered?.paymentId, amount: delivered?.total },
    ]);
    const cancelled = sampleOrders().find(({ status }) => status === 'cancelled');
    expect(await booked(cancelled?.id ?? '')).toEqual(['authorise', 'void']);
  });

  test.each(['update ledger set amount = 0', 'delete from ledger', 'truncate ledger'])(
    'refuses "%s", even to its owner',
    async (statement) => {
      await expect(inDatabase((client) => client.query(statement))).rejects.toThrow('append-only');
    },
  );
});

test("Z1 another customer's payment is not there, whichever operation asks for it", async () => {
  const { id } = await authorise();
  const theirs = 'cus_0002';
  const other = await connectService(world.process('payments').addresses['tcp'], {
    caller: speakAs('payments', { customerId: theirs, scopes }),
  });
  const idempotencyKey = () => unique('key');
  const asked = [
    other.call(payments.payment, { id, customerId: theirs }),
    ...(['capture', 'void', 'refund'] as const).map((how) =>
      other.call(payments[how], { idempotencyKey: idempotencyKey(), customerId: theirs, paymentId: id }),
    ),
  ];
  for (const call of asked)
    expect(await faultOf(call)).toMatchObject({ code: 'payments.payment-not-found', status: 404 });
  expect(await faultOf(other.call(payments.payment, { id, customerId }))).toMatchObject({
    code: 'access.denied',
    status: 403,
  });
  other.close();
  expect(await service.call(payments.payment, { id, customerId })).toMatchObject({ status: 'authorised' });
});

test('says so where there is no such payment', async () => {
  const ask = () => service.call(payments.payment, { id: 'pay_none', customerId });
  for (const call of [() => end('capture', 'pay_none'), ask]) {
    expect(await faultOf(call())).toMatchObject({ code: 'payments.payment-not-found', status: 404 });
  }
});

test('what expires is booked by sweeping where nobody looks', async () => {
  const { id } = await authorise({ ttlSeconds: 1 });
  await world.restart('payments', { SWEEP_INTERVAL_MS: '50' });
  await eventually(() =>
    inDatabase(async (client) => {
      const { rows } = await client.query<{ kind: string }>('select kind from ledger where payment_id = $1', [
        id,
      ]);
      return rows.some(({ kind }) => kind === 'expire');
    }),
  );
}, 60_000);
