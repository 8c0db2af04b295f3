import { aggregate } from '@facet/aggregation';
import { Fault } from '@facet/platform';
import { afterEach, expect, test } from '@jest/globals';
import axios from 'axios';
import { z } from 'zod';
import { route } from '../src/index.js';
import { startTestGateway } from './support/gateway.js';
import { as, stopAll, stopLater } from './support/keeping.js';
import { shop, startShop } from './support/shop.js';

afterEach(stopAll);

const input = shop.item.input;
const answer = z.looseObject({});
const page = aggregate('spec.page', { input })
  .required('item', shop.item, { input: ({ input: asked }) => asked })
  .optional('page', shop.search, { input: () => ({}) })
  .shape(({ item, page: found }) => ({ name: item.name, found: found !== undefined }));
const greeting = aggregate('spec.greeting', { input })
  .required('item', shop.item, { input: ({ input: asked }) => asked })
  .shape(({ item, caller }) => ({ name: item.name, to: caller?.subject ?? 'you' }));

let made = 0;
const counted = aggregate('spec.counted', { input })
  .required('item', shop.item, { input: ({ input: asked }) => asked })
  .shape(({ item }) => ({ name: item.name, text: 'long enough '.repeat(200), made: (made += 1) }));

async function start(handlers: Parameters<typeof startShop>[0] = {}) {
  const service = stopLater(await startShop(handlers));
  const gateway = stopLater(
    await startTestGateway({
      routes: [
        route('GET /counted/:id', counted, { access: 'public', answer }),
        route('GET /greeting/:id', greeting, { access: 'public', answer }),
        route('GET /page/:id', page, { access: 'public', answer }),
      ],
      shop: service.address,
      policy: { cache: {}, compression: {} },
    }),
  );
  return { ...gateway, service };
}

test('an answer that is the same for everybody is made once, and sent in each form with one tag', async () => {
  const { http, url } = await start();
  const first = await http.get<{ made: number }>('/counted/a');
  const again = await http.get<{ made: number }>('/counted/a');
  expect(again.data).toEqual(first.data);
  const { headers } = again;
  expect(headers['server-timing']).toBe('item;dur=0;desc="cached", total;dur=0');
  expect(headers).toMatchObject({ etag: first.headers['etag'] as string, vary: 'Accept-Encoding' });
  expect(headers['x-request-id']).not.toBe(first.headers['x-request-id']);
  const plain = await axios.get<object>(`${url}/counted/a`, { headers: { 'accept-encoding': 'identity' } });
  expect(plain.data).toEqual(first.data);
  for (const method of ['get', 'head'] as const) {
    const known = { 'if-none-match': String(first.headers['etag']) };
    expect((await http[method]('/counted/a', { headers: known })).status).toBe(304);
  }
  const head = await axios.head(`${url}/counted/a`, { headers: { 'accept-encoding': 'identity' } });
  expect(head.headers['content-length']).toBe(plain.headers['content-length']);
  expect((await http.get<{ made: number }>('/counted/b')).data.made).not.toBe(first.data.made);
});

test('those who ask the same at the same time get one answer', async () => {
  const gate = Promise.withResolvers<void>();
  const { http, service } = await start({
    item: async ({ id }: { id: string }) => gate.promise.then(() => ({ id, name: id })),
  });
  const answers = [1, 2, 3].map(() => http.get<{ made: number }>('/counted/a'));
  gate.resolve();
  const all = await Promise.all(answers);
  expect(new Set(all.map(({ data }) => data.made)).size).toBe(1);
  expect(service.requests.filter(({ pattern }) => pattern === 'shop.item')).toHaveLength(1);
});

test('those who wait for one that fails are answered all the same', async () => {
  let asked = 0;
  const { http } = await start({
    item: ({ id }: { id: string }) => {
      asked += 1;
      if (asked === 1) throw new Fault('shop.item-not-found', 404, 'There is no such item');
      return { id, name: id };
    },
  });
  const statuses = await Promise.all([1, 2, 3].map(async () => (await http.get('/counted/a')).status));
  expect(statuses.every((status) => status === 200 || status === 404)).toBe(true);
  expect((await http.get('/counted/a')).status).toBe(200);
});

test('an answer for which the caller was read, or that is incomplete, is made each time', async () => {
  const { http } = await start({
    search: () => {
      throw new Error('not now');
    },
  });
  for (let times = 1; times <= 2; times += 1) {
    const greeted = await http.get('/greeting/a', as('ada'));
    expect(greeted.headers['cache-control']).toMatch(/^private/);
    const { headers, data } = await http.get<object>('/page/a');
    expect(headers['cache-control']).toBe('no-store');
    expect(data).toMatchObject({ meta: { degraded: [{ part: 'page' }] } });
  }
});
