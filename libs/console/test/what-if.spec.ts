import { describe, expect, test } from '@jest/globals';
import { whatIf } from '../src/what-if.js';
import { home } from './support/shop.js';

describe('what if', () => {
  test('the whole answer is the aggregation’s own, made from samples that join', async () => {
    const { whole } = await whatIf(home);
    expect(whole).toMatchObject({ status: 200, waitMs: 0, missing: [] });
    const { hero, forYou } = whole.body as { hero: { product: object }; forYou: object[] };
    expect(hero.product).toMatchObject({ id: 'sample-1', stock: 'in-stock' });
    expect(forYou).toHaveLength(1);
  });

  test('each part fails in each way: what is required fails the answer, what is optional is named', async () => {
    const { rows } = await whatIf(home);
    expect(rows.map(({ part }) => part)).toEqual(['featured', 'categories', 'popular', 'forYou', 'stock']);
    const statuses = Object.fromEntries(
      rows.map(({ part, cells }) => [part, Object.values(cells).map(({ status }) => status)]),
    );
    expect(statuses).toEqual({
      featured: [503, 504, 502, 200],
      ...{ categories: [200, 200, 200, 200], popular: [200, 200, 200, 200] },
      ...{ forYou: [200, 200, 200, 200], stock: [200, 200, 200, 200] },
    });
    const popular = rows.find(({ part }) => part === 'popular')?.cells;
    expect(popular?.error).toMatchObject({
      missing: [{ part: 'popular', reason: 'upstream.unavailable' }],
      cacheControl: 'no-store',
      body: { meta: { degraded: [{ part: 'popular', reason: 'upstream.unavailable' }] } },
    });
  });

  test('a client waits for a slow part as long as it may take, and for no other fault', async () => {
    const { rows } = await whatIf(home);
    const waits = Object.fromEntries(rows.map(({ part, cells }) => [part, cells.slow.waitMs]));
    expect(waits).toMatchObject({ featured: 1_275, popular: 500 });
    for (const { cells } of rows) {
      expect([cells.error.waitMs, cells.malformed.waitMs, cells.empty.waitMs]).toEqual([0, 0, 0]);
    }
  });
});
