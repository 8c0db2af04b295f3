import { afterEach, describe, expect, test } from '@jest/globals';
import { Fault } from '@facet/platform';
import { eventually, eventuallyPasses } from '@facet/testing';
import axios, { type AxiosRequestConfig } from 'axios';
import { as, start, stopAll } from './support/keeping.js';

afterEach(stopAll);

const text: AxiosRequestConfig = { responseType: 'text', transformResponse: [] };

describe('an operation that is passed on', () => {
  test('is asked for once while it is fresh, and is the same byte by byte, with its age', async () => {
    const { http, asked } = await start({ handlers: { item: () => ({ name: 'ü "quoted" 🧀', id: 'a' }) } });
    const first = await http.get<string>('/items/a', text);
    const again = await http.get<string>('/items/a', text);
    expect(asked('item')).toHaveLength(1);
    expect(again.data).toBe('{"name":"ü \\"quoted\\" 🧀","id":"a"}');
    expect(again.data).toBe(first.data);
    expect(first.headers).not.toHaveProperty('age');
    expect(again.headers).toMatchObject({
      age: expect.stringMatching(/^\d+$/) as unknown,
      etag: first.headers['etag'] as unknown,
      'cache-control': 'public, max-age=60, stale-while-revalidate=120',
      'server-timing': expect.stringMatching(/^shop;dur=[\d.]+;desc="cached"$/) as unknown,
    });
    const known = await http.get('/items/a', { headers: { 'if-none-match': String(first.headers['etag']) } });
    expect([known.status, known.headers['etag']]).toEqual([304, first.headers['etag']]);
  });

  test('is asked for each time where the contract allows nothing, the policy is silent, or it is switched off', async () => {
    const { http, asked } = await start({ env: { ANSWER_CACHE: 'false' } });
    await http.get('/items/a');
    await http.get('/items/a');
    expect(asked('item')).toHaveLength(2);
  });

  test('that is refused is asked for again', async () => {
    const refuse = () => {
      throw new Fault('shop.item-not-found', 404, 'There is no such item');
    };
    const { http, asked } = await start({ handlers: { item: refuse } });
    for (let times = 1; times <= 2; times += 1) {
      expect((await http.get('/items/a')).status).toBe(404);
      expect(asked('item')).toHaveLength(times);
    }
  });
});

describe('an aggregated answer', () => {
  test('takes its parts from what is kept, and says so', async () => {
    const { http, asked } = await start();
    await http.get('/page?ids=a,b');
    const { data, headers } = await http.get<{ meta: { explain: { calls: object[] } } }>(
      '/page?ids=b,a&explain=1',
    );
    expect(asked('items')).toHaveLength(1);
    expect(data).toMatchObject({ names: ['Item b', 'Item a'] });
    expect(headers['server-timing']).toMatch(/^items;dur=[\d.]+;desc="cached"/);
    expect(data.meta.explain.calls).toContainEqual(
      expect.objectContaining({ operation: 'items', source: 'cached' }),
    );
  });

  test('asks for those items only that nobody has asked for before, wherever that was', async () => {
    const { http, asked } = await start();
    await http.get('/items?ids=a,b');
    await http.get('/page?ids=b,c');
    const { data } = await http.get<string>('/items?ids=c,a', text);
    expect(data).toBe('{"items":[{"id":"c","name":"Item c"},{"id":"a","name":"Item a"}]}');
    expect(asked('items').map(({ data: input }) => input)).toEqual([{ ids: ['a', 'b'] }, { ids: ['c'] }]);
  });

  test('gets what it would have got from the service: its own fields, and no others', async () => {
    const { http, asked } = await start();
    for (let times = 1; times <= 2; times += 1) {
      expect((await http.get<unknown>('/cards/a')).data).toEqual({ name: 'Item a' });
      expect((await http.get<unknown>('/items/a')).data).toEqual({ id: 'a', name: 'Item a' });
      expect((await http.get<unknown>('/whole/a')).data).toEqual({ item: { id: 'a', name: 'Item a' } });
    }
    expect(asked('item')).toHaveLength(2);
  });
});

describe('C2 what depends on the caller', () => {
  test('is kept for each of them, and asked for on their behalf', async () => {
    const { http, asked } = await start();
    for (const who of ['ada', 'bob', 'ada', 'bob']) {
      const { data, headers } = await http.get<unknown>('/mine', as(who));
      expect(data).toEqual({ of: who });
      expect(headers['cache-control']).toMatch(/^private/);
    }
    expect(asked('mine').map(({ caller }) => caller)).toEqual(['ada', 'bob']);
  });

  test('is also what only some may see: the service is asked for each of them', async () => {
    const { http, asked } = await start();
    for (const who of ['ada', 'bob', 'ada']) await http.get('/cellar', as(who));
    expect(asked('cellar').map(({ caller }) => caller)).toEqual(['ada', 'bob']);
  });

  test('is asked for at the same time for each of them', async () => {
    const { http, asked } = await start();
    const answers = await Promise.all(
      ['ada', 'bob', 'ada', 'bob', 'eve'].map((who) => http.get<{ of: string }>('/mine', as(who))),
    );
    expect(answers.map(({ data }) => data.of)).toEqual(['ada', 'bob', 'ada', 'bob', 'eve']);
    expect(asked('mine').length).toBeLessThanOrEqual(5);
  });

  test('is forgotten when the caller has changed something', async () => {
    const { http, asked } = await start();
    await http.get('/mine', as('ada'));
    await http.get('/mine', as('bob'));
    const headers = { ...as('ada').headers, 'idempotency-key': 'key-12345678' };
    expect((await http.post('/notes', { text: 'hi' }, { headers })).status).toBe(200);
    await http.get('/mine', as('ada'));
    await http.get('/mine', as('bob'));
    expect(asked('mine').map(({ caller }) => caller)).toEqual(['ada', 'bob', 'ada']);
  });

  test('is nothing of what is the same for everybody, which is asked for on behalf of nobody', async () => {
    const { http, asked } = await start();
    for (const who of ['ada', 'bob']) await http.get('/items-of/a', as(who));
    await http.get('/items/a');
    expect(asked('item').map(({ caller }) => caller)).toEqual(['nobody']);
  });
});

describe('C1 an answer to a caller', () => {
  test('is private, varies with the credential, and has an ETag of their own, though it be the same', async () => {
    const { http } = await start();
    const [ada, bob] = await Promise.all(['ada', 'bob'].map((who) => http.get('/items-of/a', as(who))));
    expect(ada?.data).toEqual(bob?.data);
    expect(ada?.headers).toMatchObject({
      'cache-control': 'private, max-age=60, stale-while-revalidate=120',
      vary: 'Authorization, Cookie',
    });
    const [etag, other] = [String(ada?.headers['etag']), String(bob?.headers['etag'])];
    expect(etag).not.toBe(other);
    const asking = (who: string, tag: string) =>
      http.get('/items-of/a', { headers: { ...as(who).headers, 'if-none-match': tag } });
    expect((await asking('ada', etag)).status).toBe(304);
    expect((await asking('bob', etag)).status).toBe(200);
  });
});

describe('what many ask at once', () => {
  test('reaches the service once; who leaves, leaves alone, and the last one cancels it', async () => {
    const gate = Promise.withResolvers<void>();
    const signals: AbortSignal[] = [];
    const { url, http, admin, asked } = await start({
      handlers: {
        item: async ({ id }: { id: string }, { signal }) => {
          signals.push(signal);
          await gate.promise;
          return { id, name: 'at last' };
        },
      },
    });
    const leaving = new AbortController();
    const left = axios.get(`${url}/items/a`, { signal: leaving.signal }).catch(() => 'left');
    await eventually(() => asked('item').length === 1);
    const staying = [http.get<unknown>('/items/a'), http.get<unknown>('/items/a')];
    await eventually(async () => {
      const { data } = await axios.get<string>(`${admin}/metrics`);
      return /facet_cache_answers_total{rpc_method="shop.item",decision="coalesced",.*} 2/.test(data);
    });
    leaving.abort();
    expect(await left).toBe('left');
    gate.resolve();
    for (const { data } of await Promise.all(staying)) expect(data).toEqual({ id: 'a', name: 'at last' });
    expect(asked('item')).toHaveLength(1);
    expect(signals[0]?.aborted).toBe(false);
  });

  test('U1 is cancelled at the service once all have left', async () => {
    const signals: AbortSignal[] = [];
    const { url } = await start({
      handlers: {
        item: (_: object, { signal }) => {
          signals.push(signal);
          return new Promise(() => undefined);
        },
      },
    });
    const leaving = new AbortController();
    const left = [1, 2].map(() =>
      axios.get(`${url}/items/a`, { signal: leaving.signal }).catch(() => 'left'),
    );
    await eventually(() => signals.length > 0);
    leaving.abort();
    await Promise.all(left);
    await eventually(() => signals.every(({ aborted }) => aborted));
  });
});

describe('where the service cannot answer', () => {
  const cache = { staleIfErrorMs: 3_600_000 };

  test('what is older than its contract allows is served, and says so', async () => {
    const { http, service } = await start({ cache });
    await http.get('/page?ids=a');
    await http.get('/flash/a');
    await service.stop();
    await eventuallyPasses(async () => {
      const { status, data, headers } = await http.get<unknown>('/page?ids=a');
      expect(status).toBe(200);
      expect(data).toEqual({
        names: ['Item a'],
        flash: 'Item a',
        meta: { outdated: [{ part: 'flash', ageSeconds: expect.any(Number) as unknown }] },
      });
      expect(headers['cache-control']).toBe('public, max-age=0');
      expect(headers['server-timing']).toContain('desc="stale"');
    });
    const { status, data, headers } = await http.get<unknown>('/flash/a');
    expect([status, data]).toEqual([200, { id: 'a', name: 'Item a' }]);
    expect(headers['server-timing']).toContain('desc="stale"');
    expect(Number(headers['age'])).toBeGreaterThanOrEqual(0);
  });

  test('without leave of the policy it is missing, as ever', async () => {
    const { http, service } = await start();
    await http.get('/flash/a');
    await service.stop();
    await eventually(async () => (await http.get('/flash/a')).status === 503);
  });

  test('a refusal is never covered up', async () => {
    let isThere = true;
    const flash = ({ id }: { id: string }) => {
      if (isThere) return { id, name: 'there' };
      throw new Fault('shop.item-not-found', 404, 'There is no such item');
    };
    const { http } = await start({ cache, handlers: { flash } });
    await http.get('/flash/a');
    isThere = false;
    await eventually(async () => (await http.get('/flash/a')).status === 404);
  });
});
