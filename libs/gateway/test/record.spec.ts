import { afterEach, describe, expect, test } from '@jest/globals';
import { aggregate } from '@facet/aggregation';
import { Fault } from '@facet/platform';
import { eventuallyPasses } from '@facet/testing';
import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { route } from '../src/index.js';
import type { Explanation } from '../src/record/explain.js';
import type { ConsoleFactory } from '../src/console.js';
import type { RequestRecord } from '../src/record/record.js';
import { startTestGateway } from './support/gateway.js';
import { shop, startShop } from './support/shop.js';

const page = aggregate('spec.page', { input: shop.item.input })
  .required('item', shop.item, { input: ({ input }) => input })
  .optional('others', shop.items, { needs: ['item'], input: ({ item }) => ({ ids: [`${item.id}-2`] }) })
  .optional('stars', shop.reviews, { input: ({ input }) => input })
  .optional('again', shop.reviews, { input: ({ input }) => input })
  .optional('found', shop.search, { input: () => ({}) })
  .shape(({ item, stars }) => ({ item, stars: stars?.stars }));

const routes = [
  route('GET /pages/:id', page, {
    access: 'public',
    answer: z.strictObject({ item: shop.item.output, stars: z.number().optional() }),
  }),
  route('GET /search', shop.search, { access: 'public', input: { q: 'query' } }),
];

type Options = Omit<Parameters<typeof startTestGateway>[0], 'routes' | 'shop'>;
const cached = { policy: { cache: {} } };

const running: { stop(): Promise<void> }[] = [];
afterEach(() => Promise.all(running.splice(0).map((each) => each.stop())));

async function start(handlers: Parameters<typeof startShop>[0] = {}, options: Options = {}) {
  const service = await startShop(handlers);
  const gateway = await startTestGateway({ routes, shop: service.address, ...options });
  running.push(gateway, service);
  const explained = async (path: string) =>
    (await gateway.http.get<{ meta: { explain: Explanation } }>(path)).data.meta.explain;
  return { ...gateway, service, explained };
}

const down = () => {
  throw new Fault('shop.down', 503, 'out of order');
};

describe('the record of a request', () => {
  test('has each part with its needs, its calls and whether it is critical, and each call with its attempts', async () => {
    const { service, explained } = await start({ search: down });
    const { parts, calls, tookMs } = await explained('/pages/x?explain=1');
    expect(parts.map(({ name, state, needs, reason }) => [name, state, needs, reason])).toEqual([
      ['item', 'fresh', [], undefined],
      ['others', 'fresh', ['item'], undefined],
      ['stars', 'fresh', [], undefined],
      ['again', 'fresh', [], undefined],
      ['found', 'missing', [], 'shop.down'],
    ]);
    expect(parts.filter(({ critical }) => critical).map(({ name }) => name)).toEqual(['item', 'others']);
    const operations = parts.map((part) => part.calls.map((index) => calls[index]?.operation));
    expect(operations).toEqual([['item'], ['items'], ['reviews'], ['reviews'], ['search']]);
    expect(parts[2]?.calls).toEqual(parts[3]?.calls);
    expect(calls).toHaveLength(4);
    for (const { attempts, startMs, endMs = Infinity, queueMs } of calls) {
      expect(attempts).toMatchObject([{ instance: service.address, why: 'first', waitMs: 0 }]);
      expect(attempts[0]?.server).toEqual({
        queueMs: expect.any(Number),
        handlerMs: expect.any(Number),
        sql: [],
      });
      expect(attempts[0]?.startMs).toBeGreaterThanOrEqual(startMs);
      expect(attempts[0]?.endMs).toBeLessThanOrEqual(endMs);
      expect([startMs >= 0, endMs <= tookMs + 1, queueMs]).toEqual([true, true, 0]);
    }
    const search = calls.find(({ operation }) => operation === 'search');
    expect(search).toMatchObject({
      code: 'shop.down',
      source: 'none',
      kind: 'query',
      attempts: [{ code: 'remote' }],
    });
    expect(calls[0]).toMatchObject({ code: 'ok', source: 'fresh', attempts: [{ code: 'ok' }] });
  });

  test('says what came from the cache, for which nothing was sent', async () => {
    const { explained, http } = await start({}, cached);
    await http.get('/pages/x');
    const { parts, calls } = await explained('/pages/x?explain=1');
    expect(new Set(parts.map(({ state }) => state))).toEqual(new Set(['cached']));
    expect(calls.map(({ source, attempts }) => [source, attempts.length])).toEqual(
      calls.map(() => ['cached', 0]),
    );
  });

  test('links the calls of a cache miss, and those that joined the call of another request', async () => {
    const gate = Promise.withResolvers<void>();
    let asked = 0;
    let arrived = 0;
    const handlers = {
      item: async ({ id }: { id: string }) => {
        asked += 1;
        await gate.promise;
        return { id, name: 'late' };
      },
    };
    const extend = (app: FastifyInstance) =>
      void app.addHook('preHandler', (_request, _reply, done) => {
        arrived += 1;
        done();
      });
    const { explained } = await start(handlers, { ...cached, extend });
    const both = [explained('/pages/x?explain=1'), explained('/pages/x?explain=1')];
    await eventuallyPasses(() => expect([asked, arrived]).toEqual([1, 2]));
    gate.resolve();
    const sources = (await Promise.all(both)).map(
      ({ calls }) => calls.find(({ operation }) => operation === 'item')?.source,
    );
    expect([asked, sources.sort()]).toEqual([1, ['fresh', 'joined']]);
  });

  test('says of an answer that was kept whole that nothing was asked for it', async () => {
    const records: RequestRecord[] = [];
    const console: ConsoleFactory = (gateway) => {
      const close = gateway.onRecord({ wants: () => true, read: (record) => records.push(record) });
      return {
        pages: { prefix: '/console', answer: (_, response) => void response.end() },
        listening: () => undefined,
        close: () => Promise.resolve(close()),
      };
    };
    const { http } = await start({}, { ...cached, console, env: { CONSOLE: 'true' } });
    for (let times = 1; times <= 2; times += 1) await http.get('/pages/x');
    await eventuallyPasses(() => expect(records).toHaveLength(2));
    expect(records.map(({ kept, parts, calls }) => [kept, parts.length, calls.length])).toEqual([
      [false, 5, 4],
      [true, 0, 0],
    ]);
  });
});
