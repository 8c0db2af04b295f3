import { describe, expect, test } from '@jest/globals';
import { createServer, type AddressInfo } from 'node:net';
import type { DeprecationNotice } from '../src/index.js';
import { json, problem, serve, shopAt } from './server.js';

/** What a refusal says. */
const refusal = (code: string, more: object = {}) => ({
  ok: false,
  problem: expect.objectContaining({ code, ...more }),
});

describe('a call', () => {
  test('puts each field of its input where the operation says', async () => {
    const { url, arrived } = await serve((_, response) => json(response, { id: 'a' }));
    const shop = shopAt(`${url}/`);
    await shop.item({ id: 'a/b ü', sizes: [1, 2], all: true });
    await shop.order({ lines: [1] });
    expect(arrived).toMatchObject([
      { method: 'GET', url: '/items/a%2Fb%20%C3%BC?sizes=1&sizes=2&all=true', body: '' },
      {
        method: 'POST',
        url: '/orders',
        body: '{"lines":[1]}',
        headers: { 'content-type': 'application/json' },
      },
    ]);
  });

  test('gives the answer and the parts that it does without', async () => {
    const degraded = [{ part: 'stock', reason: 'upstream.timeout' }];
    const { url } = await serve((_, response) => json(response, { id: 'a', meta: { degraded } }));
    const answer = await shopAt(url).item({ id: 'a' });
    expect(answer).toMatchObject({ ok: true, status: 200, value: { id: 'a' }, degraded });
  });

  test('gives a problem, and does not ask again where that would not help', async () => {
    const { url, arrived } = await serve((_, response) => problem(response, 410, 'item.gone'));
    expect(await shopAt(url).item({ id: 'a' })).toEqual(refusal('item.gone', { status: 410 }));
    expect(arrived).toHaveLength(1);
  });

  test('names a code that it was made without by one that it knows', async () => {
    const { url } = await serve((_, response) => problem(response, 418, 'item.new'));
    const undocumentedCode = 'item.new';
    expect(await shopAt(url).item({ id: 'a' })).toEqual(
      refusal('client.undocumented', { status: 418, undocumentedCode }),
    );
  });

  test('says of an answer that is no gateway that it cannot be read', async () => {
    const { url } = await serve(({ url: asked }, response) => {
      if (asked === '/items/a') response.writeHead(200).end('<html>');
      else response.writeHead(404, { 'content-type': 'text/html' }).end('<html>');
    });
    const shop = shopAt(url);
    expect(await shop.item({ id: 'a' })).toEqual(refusal('client.bad-answer', { status: 200 }));
    expect(await shop.item({ id: 'b' })).toEqual(refusal('client.bad-answer', { status: 404 }));
  });

  test('follows no redirect: what proves the caller would go along', async () => {
    const { url, arrived } = await serve(
      (_, response) => void response.writeHead(302, { location: 'http://127.0.0.1:1/' }).end(),
    );
    const answer = await shopAt(url, { attempts: 1 }).item({ id: 'a' });
    expect(answer).toEqual(refusal('client.unreachable'));
    expect(arrived).toHaveLength(1);
  });

  test('tells of a route that is going to be removed', async () => {
    const notices: DeprecationNotice[] = [];
    const headers = {
      deprecation: '@1767225600',
      sunset: 'Tue, 01 Dec 2026 00:00:00 GMT',
      link: '</docs/new>; rel="deprecation"',
    };
    const { url } = await serve((_, response) => json(response, { id: 'a' }, headers));
    await shopAt(url, { onDeprecated: (notice) => notices.push(notice) }).item({ id: 'a' });
    const sunset = new Date('2026-12-01T00:00:00Z');
    expect(notices).toEqual([{ method: 'GET', path: '/items/{id}', sunset, link: '/docs/new' }]);
  });

  test('is refused in one line where its client does not know the gateway', () => {
    expect(() => shopAt('shop')).toThrow('baseUrl is "shop"');
  });
});

describe('a call that fails for a moment', () => {
  test('is repeated where it reads, after what Retry-After says', async () => {
    const at: number[] = [];
    const { url } = await serve((_, response, count) => {
      at.push(performance.now());
      if (count === 1) problem(response, 503, 'overload.shed', { 'retry-after': '1' });
      else json(response, { id: 'a' });
    });
    expect(await shopAt(url).item({ id: 'a' })).toMatchObject({ ok: true });
    expect((at[1] ?? 0) - (at[0] ?? 0)).toBeGreaterThanOrEqual(990);
  });

  test('is repeated under the same key where it does something, and each call has its own', async () => {
    const { url, arrived } = await serve((_, response, count) => {
      if (count === 1) response.destroy();
      else if (count === 2) problem(response, 409, 'idempotency.in-progress');
      else json(response, { id: 'o' });
    });
    const shop = shopAt(url);
    expect(await shop.order({ lines: [1] })).toMatchObject({ ok: true });
    await shop.order({ lines: [1] });
    await shop.order({ lines: [1] }, { idempotencyKey: 'of-the-basket' });
    const keys = arrived.map(({ headers }) => headers['idempotency-key']);
    expect(keys.slice(1, 3)).toEqual([keys[0], keys[0]]);
    expect(keys[3]).not.toBe(keys[0]);
    expect(keys[4]).toBe('of-the-basket');
  });

  test('is not repeated where it could do something twice', async () => {
    const { url, arrived } = await serve((_, response) => problem(response, 503, 'overload.shed'));
    expect(await shopAt(url).touch({ id: 'a' })).toEqual(refusal('overload.shed'));
    expect(arrived).toHaveLength(1);
  });

  test('is given up after its attempts, and says how long to wait', async () => {
    const { url, arrived } = await serve((_, response) => problem(response, 503, 'overload.shed'));
    expect(await shopAt(url, { attempts: 2 }).item({ id: 'a' })).toEqual(refusal('overload.shed'));
    expect(arrived).toHaveLength(2);
    const busy = await serve((_, response) =>
      problem(response, 429, 'overload.shed', { 'retry-after': '3600' }),
    );
    expect(await shopAt(busy.url).item({ id: 'a' })).toEqual({
      ...refusal('overload.shed'),
      retryAfterMs: 3_600_000,
    });
    expect(busy.arrived).toHaveLength(1);
  });

  test('says that nobody is there', async () => {
    const server = createServer().listen(0, '127.0.0.1');
    await new Promise((resolve) => server.once('listening', resolve));
    const { port } = server.address() as AddressInfo;
    await new Promise((resolve) => server.close(resolve));
    const answer = await shopAt(`http://127.0.0.1:${port}`, { attempts: 2 }).item({ id: 'a' });
    expect(answer).toEqual(refusal('client.unreachable', { status: 0 }));
  });
});

describe('a limit that is used up', () => {
  test('is waited for where the call has the time, and refused unsent where it has not', async () => {
    const at: number[] = [];
    const { url, arrived } = await serve((_, response, count) => {
      at.push(performance.now());
      const left = count === 1 ? '"burst";r=0;t=1, "day";r=9;t=40000' : '"burst";r=5;t=9, "day";r=0;t=40000';
      json(response, { id: 'a' }, { ratelimit: left });
    });
    const shop = shopAt(url);
    await shop.item({ id: 'a' });
    expect(await shop.item({ id: 'a' })).toMatchObject({ ok: true });
    expect((at[1] ?? 0) - (at[0] ?? 0)).toBeGreaterThanOrEqual(990);
    const refused = await shop.item({ id: 'a' });
    expect(refused).toMatchObject(refusal('client.rate-limited'));
    expect(refused).toHaveProperty('retryAfterMs', expect.any(Number));
    expect(arrived).toHaveLength(2);
  });
});

describe('an answer with an ETag', () => {
  test('is used again where the gateway says that it still holds', async () => {
    const { url, arrived } = await serve(({ headers }, response, count) => {
      if (headers['if-none-match'] === '"1"' && count < 3) response.writeHead(304, { etag: '"1"' }).end();
      else json(response, { id: `v${count}` }, { etag: `"${count}"` });
    });
    const shop = shopAt(url);
    const first = await shop.item({ id: 'a' });
    const second = await shop.item({ id: 'a' });
    expect(second).toMatchObject({ ok: true, status: 200, value: { id: 'v1' } });
    // Each caller of it has an object of their own.
    expect(second.ok && first.ok && second.value !== first.value).toBe(true);
    expect(await shop.item({ id: 'a' })).toMatchObject({ value: { id: 'v3' } });
    expect(arrived.map(({ headers }) => headers['if-none-match'])).toEqual([undefined, '"1"', '"1"']);
    await shop.item({ id: 'b' });
    expect(arrived[3]?.headers).not.toHaveProperty('if-none-match');
  });

  test('is forgotten where so many others have come since', async () => {
    const { url, arrived } = await serve((_, response) => json(response, { id: 'a' }, { etag: '"1"' }));
    const shop = shopAt(url, { keptAnswers: 1 });
    for (const id of ['a', 'b', 'a']) await shop.item({ id });
    expect(arrived.some(({ headers }) => 'if-none-match' in headers)).toBe(false);
  });
});

describe('the time of a call', () => {
  test('ends it with a problem', async () => {
    const { url } = await serve(() => undefined);
    const answer = await shopAt(url).item({ id: 'a' }, { timeoutMs: 50 });
    expect(answer).toEqual(refusal('client.timeout'));
  });

  test('ends it in the middle of an answer too', async () => {
    const { url } = await serve((_, response) => {
      response.writeHead(200, { 'content-type': 'application/json' }).write('{');
    });
    expect(await shopAt(url).item({ id: 'a' }, { timeoutMs: 300 })).toEqual(refusal('client.timeout'));
  });

  test('is up to its caller: a signal ends it with its reason, also while it waits', async () => {
    const { url, arrived } = await serve((_, response) =>
      problem(response, 503, 'x', { 'retry-after': '9' }),
    );
    const leaving = new AbortController();
    const call = shopAt(url).item({ id: 'a' }, { signal: leaving.signal });
    while (arrived.length === 0) await new Promise((resolve) => setTimeout(resolve, 5));
    leaving.abort(new Error('the page is left'));
    await expect(call).rejects.toThrow('the page is left');
    await expect(shopAt(url).item({ id: 'a' }, { signal: leaving.signal })).rejects.toThrow(
      'the page is left',
    );
  });
});
