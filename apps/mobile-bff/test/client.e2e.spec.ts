import { createClient } from '@facet/mobile-bff-client';
import type { OutgoingRequest } from '@facet/client-runtime';
import { testCards } from '@facet/shop-payments';
import { startIssuer, startWorld, type Issuer, type World } from '@facet/testing';
import { askBlindly, failingServices } from '@facet/testing/blind';
import { afterAll, beforeAll, expect, jest, test } from '@jest/globals';

jest.setTimeout(240_000);

const services = ['accounts', 'catalog', 'inventory', 'orders', 'payments', 'recommendations', 'reviews'];

let issuer: Issuer;
let world: World;

beforeAll(async () => {
  issuer = await startIssuer();
  world = await startWorld({
    services,
    gateways: ['mobile-bff'],
    env: { 'mobile-bff': { ISSUER_URL: issuer.url } },
  });
}, 120_000);

afterAll(async () => {
  await world?.stop();
  await issuer?.stop();
});

test('whatever is asked for, and whichever services fail, an answer is what the client is told to expect', async () => {
  let users = 0;
  // Somebody else each time, so that no limit of one caller's ends the test; all of them shop as one customer.
  const authorize = async ({ headers }: OutgoingRequest) => {
    const claims = { sub: `user-${users++}`, customer_id: 'cus_0001', scope: 'orders:read orders:write' };
    headers.set('authorization', `Bearer ${await issuer.token('urn:facet:mobile-bff', { claims })}`);
  };
  const client = createClient({ baseUrl: world.url('mobile-bff'), credentials: { authorize } });
  const { seed, counts, misfits } = await askBlindly({
    gateway: 'mobile-bff',
    client,
    hints: { checkout: () => ({ card: testCards.approve, addressId: 'cus_0001_a1' }) },
    failures: failingServices(world, services),
  });
  process.stdout.write(`mobile-bff, BLIND_SEED=${seed}: ${JSON.stringify(counts)}\n`);
  expect(misfits).toEqual([]);
  const all = Object.values(counts);
  expect(all.filter(({ answered }) => answered === 0)).toEqual([]);
  expect(all.some(({ degraded }) => degraded > 0) && all.some(({ refused }) => refused > 0)).toBe(true);
});
