import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { speakAs } from '@facet/auth/assertion';
import { Fault } from '@facet/platform';
import { inventory } from '@facet/shop-inventory';
import { stock } from '@facet/shop-sample-data';
import {
  connectService,
  databaseEnv,
  eventually,
  startProcess,
  startWorld,
  type AppProcess,
  type ServiceClient,
  type World,
} from '@facet/testing';

/** As the caller proves it. */
const customerId = 'cus_0001';
const scopes = ['orders:write'];
const caller = speakAs('inventory', { customerId, scopes });
let world: World;
let second: AppProcess;
/** Two connections to each of two instances on one database. */
let connections: ServiceClient[];
let service: ServiceClient;

beforeAll(async () => {
  world = await startWorld({ services: ['inventory'] });
  second = await startProcess({ app: 'inventory', env: databaseEnv(world.database) });
  const addresses = [world.process('inventory').addresses['tcp'], second.addresses['tcp']];
  connections = await Promise.all(
    [...addresses, ...addresses].map((address) => connectService(address, { caller })),
  );
  service = connections[0] as ServiceClient;
}, 60_000);

afterAll(async () => {
  connections?.forEach((connection) => connection.close());
  await second?.stop();
  await world?.stop();
}, 60_000);

const seeded = new Map<string, number>();
for (const { productId, onHand } of stock()) seeded.set(productId, (seeded.get(productId) ?? 0) + onHand);

/** Products with exactly, or at least, so many pieces, each given out once. */
const unused = [...seeded].filter(([, pieces]) => pieces >= 20 && pieces < 60).map(([id]) => id);
function freshProduct(): { id: string; pieces: number } {
  const id = unused.pop() ?? '';
  return { id, pieces: seeded.get(id) ?? 0 };
}

let keys = 0;
const key = () => `inventory-test-${(keys += 1)}`;
const availableOf = async (id: string) =>
  (await service.call(inventory.levels, { ids: [id] })).items[0]?.available;
const reserve = (productId: string, quantity: number, ttlSeconds = 300) =>
  service.call(inventory.reserve, {
    idempotencyKey: key(),
    customerId,
    lines: [{ productId, quantity }],
    ttlSeconds,
  });

describe('levels', () => {
  test('say what each warehouse has, for up to five hundred products at once', async () => {
    const ids = [...seeded.keys()].slice(0, 500);
    const { items } = await service.call(inventory.levels, { ids });
    expect(items).toHaveLength(500);
    for (const { id, available, warehouses, status } of items) {
      expect(available).toBe(seeded.get(id));
      expect(warehouses.map(({ code }) => code)).toEqual(['BER', 'BGY', 'LYS', 'RTM']);
      expect(warehouses.reduce((sum, here) => sum + here.available, 0)).toBe(available);
      expect(status).toBe(available === 0 ? 'out' : available < 10 ? 'low' : 'in-stock');
    }
  });

  test('leave out what nobody knows', async () => {
    expect(await service.call(inventory.levels, { ids: ['prd_none'] })).toEqual({ items: [] });
  });
});

describe('a reservation', () => {
  test('Z1 is neither taken out nor given back by another customer, who learns nothing of it', async () => {
    const { id, pieces } = freshProduct();
    const { reservationId } = await reserve(id, 3);
    const theirs = 'cus_0002';
    const other = await connectService(world.process('inventory').addresses['tcp'], {
      caller: speakAs('inventory', { customerId: theirs, scopes }),
    });
    for (const end of [inventory.commit, inventory.release]) {
      const asked = (of: string) => other.call(end, { idempotencyKey: key(), customerId: of, reservationId });
      await expect(asked(theirs)).rejects.toMatchObject({
        code: 'inventory.reservation-not-found',
        status: 404,
      });
      await expect(asked(customerId)).rejects.toMatchObject({ code: 'access.denied', status: 403 });
    }
    other.close();
    expect(await availableOf(id)).toBe(pieces - 3);
    await service.call(inventory.release, { idempotencyKey: key(), customerId, reservationId });
    expect(await availableOf(id)).toBe(pieces);
  });

  test('puts stock aside, and taking it out for good leaves that much less', async () => {
    const { id, pieces } = freshProduct();
    const { reservationId, expiresAt } = await reserve(id, 5);
    expect(Date.parse(expiresAt)).toBeGreaterThan(Date.now() + 200_000);
    expect(await availableOf(id)).toBe(pieces - 5);
    const committed = await service.call(inventory.commit, {
      idempotencyKey: key(),
      customerId,
      reservationId,
    });
    expect(committed).toEqual({ reservationId, status: 'committed' });
    expect(await availableOf(id)).toBe(pieces - 5);
    await expect(
      service.call(inventory.release, { idempotencyKey: key(), customerId, reservationId }),
    ).rejects.toMatchObject({
      code: 'inventory.reservation-committed',
      status: 409,
    });
  });

  test('gives its stock back when released, also when that is asked twice', async () => {
    const { id, pieces } = freshProduct();
    const { reservationId } = await reserve(id, 7);
    for (const attempt of [1, 2]) {
      const released = await service.call(inventory.release, {
        idempotencyKey: `release-${attempt}-${id}`,
        customerId,
        reservationId,
      });
      expect(released.status).toBe('released');
      expect(await availableOf(id)).toBe(pieces);
    }
    await expect(
      service.call(inventory.commit, { idempotencyKey: key(), customerId, reservationId }),
    ).rejects.toMatchObject({
      code: 'inventory.reservation-released',
    });
  });

  test('falls back by itself when it expires, and cannot be taken out any more', async () => {
    const { id, pieces } = freshProduct();
    const { reservationId } = await reserve(id, pieces, 1);
    await expect(reserve(id, 1)).rejects.toMatchObject({ code: 'inventory.insufficient-stock', status: 409 });
    await eventually(async () => (await availableOf(id)) === pieces);
    await expect(
      service.call(inventory.commit, { idempotencyKey: key(), customerId, reservationId }),
    ).rejects.toMatchObject({
      code: 'inventory.reservation-expired',
    });
    const released = await service.call(inventory.release, {
      idempotencyKey: key(),
      customerId,
      reservationId,
    });
    expect(released.status).toBe('expired');
    expect(await availableOf(id)).toBe(pieces);
    await reserve(id, pieces);
    expect(await availableOf(id)).toBe(0);
  });

  test('takes all lines or none', async () => {
    const [a, b] = [freshProduct(), freshProduct()];
    const lines = [
      { productId: a.id, quantity: 1 },
      { productId: b.id, quantity: b.pieces + 1 },
    ];
    await expect(
      service.call(inventory.reserve, { idempotencyKey: key(), customerId, lines }),
    ).rejects.toMatchObject({
      fields: [{ field: 'lines.1.quantity', message: `only ${b.pieces} are available` }],
    });
    expect(await availableOf(a.id)).toBe(a.pieces);
  });

  test('of an unknown product, or with an unknown id, is refused', async () => {
    await expect(reserve('prd_none', 1)).rejects.toMatchObject({
      code: 'inventory.product-not-found',
      status: 404,
    });
    const commit = service.call(inventory.commit, {
      idempotencyKey: key(),
      customerId,
      reservationId: 'rsv_none',
    });
    await expect(commit).rejects.toMatchObject({ code: 'inventory.reservation-not-found', status: 404 });
  });
});

describe('the same key again', () => {
  test('gives the same reservation and puts nothing more aside, on another instance too', async () => {
    const { id, pieces } = freshProduct();
    const input = { idempotencyKey: key(), customerId, lines: [{ productId: id, quantity: 3 }] };
    const answers = await Promise.all(
      connections.map((connection) => connection.call(inventory.reserve, input)),
    );
    expect(new Set(answers.map(({ reservationId }) => reservationId)).size).toBe(1);
    expect(await availableOf(id)).toBe(pieces - 3);
  });

  test('gives the same refusal, although there would be stock by now', async () => {
    const { id, pieces } = freshProduct();
    const { reservationId } = await reserve(id, pieces);
    const input = { idempotencyKey: key(), customerId, lines: [{ productId: id, quantity: 2 }] };
    const first = await service.call(inventory.reserve, input).catch((error: unknown) => error);
    await service.call(inventory.release, { idempotencyKey: key(), customerId, reservationId });
    const second = await service.call(inventory.reserve, input).catch((error: unknown) => error);
    expect(first).toBeInstanceOf(Fault);
    expect(second).toEqual(first);
    expect(await availableOf(id)).toBe(pieces);
  });

  test('with another input is refused', async () => {
    const { id } = freshProduct();
    const input = { idempotencyKey: key(), customerId, lines: [{ productId: id, quantity: 1 }] };
    await service.call(inventory.reserve, input);
    const other = { ...input, lines: [{ productId: id, quantity: 2 }] };
    await expect(service.call(inventory.reserve, other)).rejects.toMatchObject({
      code: 'idempotency.key-reused',
      status: 422,
    });
  });
});

describe('many at once', () => {
  test('never get more than there is: two instances, four connections, one shelf', async () => {
    const { id, pieces } = freshProduct();
    const attempts = Array.from({ length: pieces + 30 }, (_, index) =>
      (connections[index % connections.length] as ServiceClient)
        .call(inventory.reserve, {
          idempotencyKey: key(),
          customerId,
          lines: [{ productId: id, quantity: 1 }],
        })
        .then(() => 'reserved' as const)
        .catch((error: unknown) => (error as Fault).code),
    );
    const outcomes = await Promise.all(attempts);
    expect(outcomes.filter((outcome) => outcome === 'reserved')).toHaveLength(pieces);
    expect(outcomes.filter((outcome) => outcome === 'inventory.insufficient-stock')).toHaveLength(30);
    expect(await availableOf(id)).toBe(0);
  }, 30_000);

  test('do not wait for each other in a circle, whatever order their lines have', async () => {
    const products = Array.from({ length: 4 }, freshProduct);
    const lines = products.map(({ id }) => ({ productId: id, quantity: 1 }));
    const outcomes = await Promise.allSettled(
      Array.from({ length: 20 }, async (_, index) => {
        const connection = connections[index % connections.length] as ServiceClient;
        const turned = [...lines.slice(index % 4), ...lines.slice(0, index % 4)];
        const made = await connection.call(inventory.reserve, {
          idempotencyKey: key(),
          customerId,
          lines: index % 2 === 0 ? turned : turned.reverse(),
        });
        const end = index % 3 === 0 ? inventory.release : inventory.commit;
        return connection.call(end, { idempotencyKey: key(), customerId, reservationId: made.reservationId });
      }),
    );
    expect(outcomes.filter(({ status }) => status === 'rejected')).toEqual([]);
    const committed = Array.from({ length: 20 }, (_, index) => index).filter(
      (index) => index % 3 !== 0,
    ).length;
    for (const { id, pieces } of products) expect(await availableOf(id)).toBe(pieces - committed);
  }, 30_000);
});
