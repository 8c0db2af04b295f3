import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { accounts } from '@facet/contracts';
import { customers } from '@facet/sample-data';
import { connectService, startWorld, type ServiceClient, type World } from '@facet/testing';

let world: World;
let service: ServiceClient;

beforeAll(async () => {
  world = await startWorld({ services: ['accounts'] });
  service = await connectService(world.process('accounts').addresses['tcp']);
}, 60_000);

afterAll(async () => {
  service?.close();
  await world?.stop();
}, 60_000);

test('gives a customer with all addresses, in their order', async () => {
  const known = customers().find(({ addresses }) => addresses.length === 3);
  expect(await service.call(accounts.customer, { id: known?.id ?? '' })).toEqual(known);
});

test('says so where there is no such customer', async () => {
  await expect(service.call(accounts.customer, { id: 'cus_0000' })).rejects.toMatchObject({
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
