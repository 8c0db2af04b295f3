import { randomUUID } from 'node:crypto';
import { generateApiKey, hashApiKey, hintOf } from '@facet/auth';
import { speakAs } from '@facet/auth/assertion';
import { usageAnswer } from '@facet/gateway';
import { accounts } from '@facet/shop-accounts';
import { catalog } from '@facet/shop-catalog';
import { inventory } from '@facet/shop-inventory';
import { connectService, eventually, startWorld, type World } from '@facet/testing';
import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals';
import axios, { type AxiosInstance } from 'axios';
import { offersAnswer } from '../src/offers/offers.aggregation.js';

jest.setTimeout(60_000);

let world: World;
let partner: AxiosInstance;

beforeAll(async () => {
  world = await startWorld({ services: ['accounts', 'catalog', 'inventory'], gateways: ['partner-bff'] });
  const headers = { authorization: `Bearer ${await issueKey('catalog:read', 'inventory:read')}` };
  partner = axios.create({ baseURL: world.url('partner-bff'), headers, validateStatus: () => true });
}, 120_000);

afterAll(() => world?.stop());

async function issueKey(...scopes: string[]): Promise<string> {
  const client = await connectService(world.process('accounts').addresses['tcp'], {
    caller: speakAs('accounts', { roles: ['operator'] }),
  });
  const key = generateApiKey();
  const hash = hashApiKey(key) ?? '';
  await client.call(accounts.issueApiKey, {
    ...{ idempotencyKey: randomUUID(), hash, hint: hintOf(key), partner: 'spec', scopes, plan: 'standard' },
  });
  client.close();
  return key;
}

const pageOf = async (query: string) =>
  catalog.feed.output.parse((await partner.get<unknown>(`/v1/catalog?${query}`)).data);

describe('the feed', () => {
  test('gives the whole catalog once, a stretch at a time, in an order that does not change', async () => {
    const ids: string[] = [];
    let cursor: string | null = '';
    while (cursor !== null) {
      const { items, next } = await pageOf(`limit=200${cursor && `&cursor=${encodeURIComponent(cursor)}`}`);
      ids.push(...items.map(({ id }) => id));
      cursor = next;
    }
    expect(ids.length).toBeGreaterThanOrEqual(1_000);
    expect(new Set(ids).size).toBe(ids.length);
    const again = await pageOf('limit=50');
    expect(again.items.map(({ id }) => id)).toEqual(ids.slice(0, 50));
  });

  test.each([
    ['limit=201', 'input.invalid'],
    ['limit=many', 'input.invalid'],
    ['cursor=made-up', 'catalog.bad-cursor'],
    ['since=2020', 'input.invalid'],
  ])('refuses %s', async (query, code) => {
    const { status, data } = await partner.get<unknown>(`/v1/catalog?${query}`);
    expect([status, data]).toMatchObject([400, { code }]);
  });
});

describe('the pictures of the feed', () => {
  test('are drawn by this gateway, for whoever has their address', async () => {
    const [product] = (await pageOf('limit=1')).items;
    const url = new URL(product?.images[0]?.sizes[0]?.url ?? '', world.url('partner-bff'));
    const { status, headers } = await axios.get(url.href);
    expect([status, headers['content-type']]).toEqual([200, 'image/svg+xml; charset=utf-8']);
  });
});

describe('stock and offers', () => {
  test('of many products come in one answer, joined by id', async () => {
    const ids = (await pageOf('limit=200')).items.map(({ id }) => id);
    const list = ids.join(',');
    const { data: stock } = await partner.get<unknown>(`/v1/stock?ids=${list}`);
    const { data: offers } = await partner.get<unknown>(`/v1/offers?ids=${list},unknown-1`);
    const levels = inventory.levels.output.parse(stock).items;
    const { items } = offersAnswer.parse(offers);
    expect(items.map(({ id }) => id).sort()).toEqual(ids.toSorted());
    const availableOf = new Map(levels.map(({ id, available }) => [id, available]));
    expect(items.every(({ id, stock: { available } }) => availableOf.get(id) === available)).toBe(true);
  });

  test('are refused without ids', async () => {
    for (const url of ['/v1/stock', '/v1/offers', '/v1/stock?ids=']) {
      const { status, data } = await partner.get<unknown>(url);
      expect([status, data]).toMatchObject([400, { fields: [{ field: 'ids' }] }]);
    }
  });
});

describe('without inventory, and nothing kept of it', () => {
  beforeAll(() => world.restart('partner-bff', { ANSWER_CACHE: 'false' }), 60_000);

  test('the feed goes on; stock and offers are a 503 that names it, until it is back', async () => {
    await world.killApp('inventory');
    const [{ id } = { id: '' }] = (await pageOf('limit=1')).items;
    for (const url of [`/v1/stock?ids=${id}`, `/v1/offers?ids=${id}`]) {
      const refused = await eventually(async () => {
        const answer = await partner.get<unknown>(url);
        return answer.status === 503 && answer;
      });
      expect(refused.data).toMatchObject({ code: 'upstream.unavailable', service: 'inventory' });
    }
    await world.startApp('inventory');
    await eventually(async () => (await partner.get(`/v1/offers?ids=${id}`)).status === 200);
  });
});

describe('usage', () => {
  test("shows the key's plan, and each request is counted against all of its limits", async () => {
    const used = async () => {
      const { plan, limits } = usageAnswer.parse((await partner.get<unknown>('/v1/usage')).data);
      expect(plan).toBe('standard');
      return Object.fromEntries(limits.map((limit) => [limit.window, limit.used]));
    };
    const before = await used();
    await partner.get('/v1/catalog?limit=1');
    const after = await used();
    for (const window of ['day', 'month']) expect(after[window]).toBe((before[window] ?? 0) + 2);
  });

  test('is told in every answer', async () => {
    const { headers } = await partner.get('/v1/catalog?limit=1');
    expect(headers['ratelimit-policy']).toContain('"month";q=2000000');
    expect(headers['ratelimit']).toMatch(/"day";r=\d+;t=\d+/);
  });
});
