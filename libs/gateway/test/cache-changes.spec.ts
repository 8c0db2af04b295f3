import { afterEach, describe, expect, test } from '@jest/globals';
import { eventually, hasRedis, startRedis } from '@facet/testing';
import axios, { type AxiosInstance } from 'axios';
import { start, startGateway, stopAll, stopLater } from './support/keeping.js';
import { startShop } from './support/shop.js';

afterEach(stopAll);

/** A service whose one item changes, and which tells of it. */
function changing() {
  let version = 1;
  let changes = 0;
  const handlers: Parameters<typeof startShop>[0] = {
    item: ({ id }: { id: string }) => ({ id, name: `version ${version}` }),
    'answer-changes': ({ since }: { since?: string }) => {
      const from = Number(since ?? changes);
      const tags = from < changes ? ['item:a'] : [];
      return { tags, next: String(changes), reset: since === undefined };
    },
  };
  const change = () => {
    version += 1;
    changes += 1;
  };
  return { handlers, change };
}

const nameOf = async ({ http }: { http: AxiosInstance }, id = 'a') =>
  (await http.get<{ name: string }>(`/items/${id}`)).data.name;

/** Until what is kept stays kept: before that the gateway does not know yet from where to follow the changes. */
const settled = (gateway: { http: AxiosInstance }) =>
  eventually(async () => {
    await gateway.http.get('/items/z');
    const { headers } = await gateway.http.get('/items/z');
    return String(headers['server-timing']).includes('cached') && Number(headers['age']) >= 1;
  });

describe('a change that the service tells of', () => {
  test('shows at once, though the answer would have been fresh for a minute, and leaves the rest alone', async () => {
    const { handlers, change } = changing();
    const gateway = await start({ handlers });
    await settled(gateway);
    expect([await nameOf(gateway), await nameOf(gateway, 'b')]).toEqual(['version 1', 'version 1']);
    change();
    await eventually(async () => (await nameOf(gateway)) === 'version 2', { withinMs: 20_000 });
    expect(await nameOf(gateway, 'b')).toBe('version 1');
    const { data: metrics } = await axios.get<string>(`${gateway.admin}/metrics`);
    expect(metrics).toMatch(/facet_cache_answers_total{rpc_method="shop.item",decision="hit",.*} \d/);
    expect(metrics).toMatch(/facet_cache_invalidations_total{rpc_method="shop.item",.*} \d/);
    expect(metrics).toMatch(/facet_cache_entries{.*} [1-9]/);
  });
});

const shared = hasRedis ? describe : describe.skip;
shared(`gateways over one Redis${hasRedis ? '' : ' (skipped: no redis-server)'}`, () => {
  test('ask a service once for all of them, follow its changes together, and go on without Redis', async () => {
    const redis = stopLater(await startRedis());
    const { handlers, change } = changing();
    const service = stopLater(await startShop(handlers));
    const env = { REDIS_URL: redis.url };
    const gateways = await Promise.all([1, 2, 3].map(() => startGateway(service, { env })));
    for (const gateway of gateways) await settled(gateway);
    const asked = () =>
      service.requests.filter(({ pattern, data }) => {
        return pattern === 'shop.item' && (data as { id: string }).id === 'a';
      });
    const names = await Promise.all(gateways.flatMap((each) => [nameOf(each), nameOf(each)]));
    expect(new Set(names)).toEqual(new Set(['version 1']));
    expect(asked()).toHaveLength(1);
    change();
    for (const each of gateways) {
      await eventually(async () => (await nameOf(each)) === 'version 2', { withinMs: 20_000 });
    }
    await redis.stop();
    change();
    for (const each of gateways) {
      await eventually(async () => (await nameOf(each)) === 'version 3', { withinMs: 20_000 });
    }
    await redis.restart();
    const late = await startGateway(service, { env });
    expect(await nameOf(late)).toBe('version 3');
  });
});
