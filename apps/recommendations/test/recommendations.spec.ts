import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { speakAs } from '@facet/auth/assertion';
import { recommendations } from '@facet/shop-recommendations';
import { byPopularity, popular, related } from '@facet/shop-sample-data';
import { connectService, startWorld, type ServiceClient, type World } from '@facet/testing';

const caller = speakAs('recommendations');
let world: World;
let service: ServiceClient;

beforeAll(async () => {
  const env = { recommendations: { SWEEP_INTERVAL_MS: '10' } };
  world = await startWorld({ services: ['recommendations'], env });
  service = await connectService(world.process('recommendations').addresses['tcp'], { caller });
}, 60_000);

afterAll(async () => {
  service?.close();
  await world?.stop();
}, 60_000);

test('says what sells best, best first', async () => {
  const { items } = await service.call(recommendations.popular, { limit: 10 });
  expect(items).toEqual(popular().slice(0, 10));
});

test('relates products to each other, closest first', async () => {
  for (const { id } of [byPopularity()[0], byPopularity()[700]].filter((product) => product !== undefined)) {
    const { items } = await service.call(recommendations.related, { productId: id, limit: 12 });
    expect(items).toEqual(related().get(id));
  }
});

test('gives eight where nobody says how many, and refuses a limit beyond fifty', async () => {
  const productId = byPopularity()[0]?.id ?? '';
  expect((await service.call(recommendations.related, { productId })).items).toHaveLength(8);
  await expect(service.call(recommendations.popular, { limit: 51 })).rejects.toMatchObject({
    code: 'input.invalid',
    fields: [{ field: 'limit' }],
  });
});

test('has nothing to say of a product that it does not know', async () => {
  expect(await service.call(recommendations.related, { productId: 'prd_new' })).toEqual({ items: [] });
});

test('tidies up nothing, for it keeps nothing that is to be tidied up', async () => {
  await service.call(recommendations.popular, { limit: 1 });
  expect(world.process('recommendations').output()).not.toContain('sweeping failed');
});
