import { readFileSync } from 'node:fs';
import { reviews } from '@facet/shop-reviews';
import { byPopularity, reviews as sampleReviews } from '@facet/shop-sample-data';
import { eventually, startWorld, type World } from '@facet/testing';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { sample } from './sample.js';

let world: World;

beforeAll(async () => {
  world = await startWorld({ services: ['reviews'] });
}, 60_000);
afterAll(async () => {
  await world?.stop();
}, 60_000);

async function get(path: string) {
  const response = await fetch(`${world.url('reviews')}${path}`);
  const body: unknown = await response.json();
  return { status: response.status, headers: response.headers, body };
}

const pageOf = async (productId: string, query = '') =>
  reviews.ofProduct.output.parse((await get(`/products/${productId}/reviews${query}`)).body);

describe('reviews', () => {
  test('come newest first, a page at a time, with every star counted', async () => {
    const productId = byPopularity()[0]?.id ?? '';
    const written = sampleReviews().filter((review) => review.productId === productId);
    const first = await pageOf(productId, '?pageSize=5');
    const rest = await pageOf(productId, '?pageSize=5&page=2');
    const dates = [...first.items, ...rest.items].map(({ createdAt }) => createdAt);
    expect(first.total).toBe(written.length);
    expect(dates).toEqual(
      written
        .map(({ createdAt }) => createdAt)
        .sort()
        .reverse()
        .slice(0, dates.length),
    );
    expect(first.items).toHaveLength(5);
    expect(first.histogram.reduce((sum, count) => sum + count, 0)).toBe(first.rating.count);
  });

  test('of a product that nobody has reviewed are none, and of no product are refused', async () => {
    const [, ...rest] = [...byPopularity()].reverse();
    expect(await pageOf(rest[0]?.id ?? '')).toMatchObject({ items: [], total: 0 });
    const { status, headers, body } = await get('/products/nothing/reviews');
    expect([status, headers.get('content-type')]).toEqual([404, 'application/problem+json; charset=utf-8']);
    expect(body).toMatchObject({ code: 'reviews.product-not-found' });
  });

  test.each(['?page=0', '?pageSize=101', '?page=x'])('with %s are refused', async (query) => {
    expect(await get(`/products/prd_0001/reviews${query}`)).toMatchObject({
      status: 400,
      body: { code: 'reviews.invalid' },
    });
  });
});

test('a service that is started again seeds nothing twice', async () => {
  await world.restart('reviews');
  const productId = byPopularity()[0]?.id ?? '';
  expect((await pageOf(productId)).total).toBe(
    sampleReviews().filter((each) => each.productId === productId).length,
  );
});

test('it stops cleanly when it is asked to, and is back at its ports', async () => {
  const exit = await world.stopApp('reviews');
  expect(exit).toMatchObject({ code: 0 });
  await world.startApp('reviews');
  await eventually(async () => (await fetch(`${world.adminUrl('reviews')}/health/ready`)).status === 200);
  const metrics = await fetch(`${world.adminUrl('reviews')}/metrics`);
  expect(await metrics.text()).toContain('process_open_fds');
});

test('the sample is that of the other services', () => {
  expect(readFileSync(new URL('../migrations/sample.ndjson', import.meta.url), 'utf8')).toBe(sample());
});
