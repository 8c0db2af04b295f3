import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals';
import { speakAs } from '@facet/auth/assertion';
import { catalog } from '@facet/shop-catalog';
import { inventory } from '@facet/shop-inventory';
import {
  connectService,
  eventually,
  hasRedis,
  startRedis,
  startWorld,
  type ServiceClient,
  type TestRedis,
  type World,
} from '@facet/testing';
import axios, { type AxiosInstance } from 'axios';

jest.setTimeout(60_000);

const id = 'prd_0001';

interface Shown {
  readonly price: { readonly amount: number };
  readonly stock?: unknown;
}

const ways = [
  { way: 'each for itself', shared: false },
  { way: hasRedis ? 'over one Redis' : 'over one Redis (skipped: no redis-server)', shared: true },
];

for (const { way, shared } of ways) {
  (shared && !hasRedis ? describe.skip : describe)(`what changes in a service, for gateways ${way}`, () => {
    let redis: TestRedis | undefined;
    let world: World;
    let clients: ServiceClient[] = [];

    beforeAll(async () => {
      redis = shared ? await startRedis() : undefined;
      const env = redis === undefined ? {} : { REDIS_URL: redis.url };
      world = await startWorld({
        services: ['catalog', 'inventory', 'recommendations'],
        gateways: ['mobile-bff', 'web-bff'],
        env: { 'mobile-bff': env, 'web-bff': env },
      });
    }, 120_000);

    afterAll(async () => {
      clients.forEach((each) => each.close());
      await world?.stop();
      await redis?.stop();
    }, 60_000);

    const customerId = 'cus_0001';
    const operator = async (service: string) => {
      const scopes = ['orders:write'];
      const caller = speakAs(service, { roles: ['operator'], scopes, customerId });
      const client = await connectService(world.process(service).addresses['tcp'], { caller });
      clients = [...clients, client];
      return client;
    };

    const shops = (): readonly { readonly http: AxiosInstance; readonly path: string }[] =>
      [
        { app: 'mobile-bff', path: `/v1/products/${id}` },
        { app: 'web-bff', path: `/api/products/${id}` },
      ].map(({ app, path }) => ({ http: axios.create({ baseURL: world.url(app) }), path }));

    const read = async ({ http, path }: { http: AxiosInstance; path: string }) => {
      const { data } = await http.get<Shown & { product?: Shown }>(path, { headers: { 'x-csrf': '1' } });
      return { ...data, ...data.product };
    };

    test('shows in all of them, though what they keep would have been good for a minute', async () => {
      const client = await operator('catalog');
      const before = await client.call(catalog.product, { id });
      for (const shop of shops()) expect((await read(shop)).price).toEqual(before.price);
      for (const more of [1, 2, 3]) {
        const price = { ...before.price, amount: before.price.amount + more };
        await client.call(catalog.setPrice, { idempotencyKey: randomUUID(), id, price });
        for (const shop of shops())
          await eventually(async () => (await read(shop)).price.amount === price.amount);
      }
    });

    test('is the stock as well: what is sold out is seen to be', async () => {
      const client = await operator('inventory');
      const { items } = await client.call(inventory.levels, { ids: [id] });
      const before = await Promise.all(shops().map(read));
      const lines = [{ productId: id, quantity: Math.min(100, items[0]?.available ?? 0) }];
      for (let left = items[0]?.available ?? 0; left > 0; left -= 100) {
        await client.call(inventory.reserve, {
          idempotencyKey: randomUUID(),
          customerId,
          lines: lines.map((line) => ({ ...line, quantity: Math.min(100, left) })),
        });
      }
      for (const [index, shop] of shops().entries()) {
        await eventually(async () => {
          const { stock } = await read(shop);
          return (
            JSON.stringify(stock) !== JSON.stringify(before[index]?.stock) &&
            /"out"/.test(JSON.stringify(stock))
          );
        });
      }
    });

    test('is followed by a gateway that was away meanwhile', async () => {
      const client = await operator('catalog');
      const [mobile] = shops();
      if (mobile === undefined) throw new Error('no gateway');
      const { price } = await client.call(catalog.product, { id });
      expect((await read(mobile)).price).toEqual(price);
      await Promise.all(['mobile-bff', 'web-bff'].map((app) => world.killApp(app)));
      const changed = { ...price, amount: price.amount + 50 };
      await client.call(catalog.setPrice, { idempotencyKey: randomUUID(), id, price: changed });
      await Promise.all(['mobile-bff', 'web-bff'].map((app) => world.startApp(app)));
      await eventually(async () => (await read(mobile)).price.amount === changed.amount);
    });
  });
}
