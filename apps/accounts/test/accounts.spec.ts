import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { speakAs } from '@facet/auth/assertion';
import { accounts } from '@facet/shop-accounts';
import { customers } from '@facet/shop-sample-data';
import { connectService, startWorld, type ServiceClient, type World } from '@facet/testing';

let world: World;
let service: ServiceClient;

beforeAll(async () => {
  world = await startWorld({ services: ['accounts'] });
  service = await connectService(world.process('accounts').addresses['tcp'], {
    caller: speakAs('accounts', { roles: ['operator'] }),
  });
}, 60_000);

afterAll(async () => {
  service?.close();
  await world?.stop();
}, 60_000);

/** Who asks for a customer: that customer. */
const as = (customerId: string) => ({
  caller: speakAs('accounts', { kind: 'user', credential: 'bearer', customerId })(),
});

test('gives a customer with all addresses, in their order', async () => {
  const known = customers().find(({ addresses }) => addresses.length === 3);
  const id = known?.id ?? '';
  expect(await service.call(accounts.customer, { id }, as(id))).toEqual(known);
});

test('says so where there is no such customer', async () => {
  await expect(service.call(accounts.customer, { id: 'cus_0000' }, as('cus_0000'))).rejects.toMatchObject({
    code: 'accounts.customer-not-found',
    status: 404,
  });
});

test('gives several at once, and leaves out whom it does not know', async () => {
  const ids = ['cus_0007', 'cus_0000', 'cus_0150', 'cus_0007'];
  const { items } = await service.call(accounts.customersByIds, { ids });
  expect(items.sort((a, b) => (a.id < b.id ? -1 : 1))).toEqual([customers()[6], customers()[149]]);
});

test('refuses an id that could not be one, and a hundred and one of them', async () => {
  await expect(service.call(accounts.customer, { id: '../cus_0001' })).rejects.toMatchObject({
    code: 'input.invalid',
    fields: [{ field: 'id' }],
  });
  const ids = Array.from({ length: 101 }, (_, index) => `cus_${index}`);
  await expect(service.call(accounts.customersByIds, { ids })).rejects.toMatchObject({
    fields: [{ field: 'ids' }],
  });
});

test('Z1 another customer is not answered, whether there is one or not, and neither is a list of them', async () => {
  for (const id of ['cus_0002', 'cus_0000'])
    await expect(service.call(accounts.customer, { id }, as('cus_0001'))).rejects.toMatchObject({
      code: 'access.denied',
      status: 403,
    });
  await expect(
    service.call(accounts.customersByIds, { ids: ['cus_0001'] }, as('cus_0001')),
  ).rejects.toMatchObject({ status: 403 });
});

test('I2 a frame is refused without an assertion, with one for another service, and with any other text', async () => {
  const anybody = await connectService(world.process('accounts').addresses['tcp']);
  try {
    const id = 'cus_0001';
    for (const options of [
      {},
      { caller: '' },
      { caller: 'x.y.z' },
      { caller: speakAs('orders', { customerId: id })() },
    ])
      await expect(anybody.call(accounts.customer, { id }, options)).rejects.toMatchObject({
        code: 'caller.unproven',
      });
    await expect(anybody.callRaw('accounts.customer', { id })).rejects.toMatchObject({
      code: 'caller.unproven',
    });
  } finally {
    anybody.close();
  }
});
