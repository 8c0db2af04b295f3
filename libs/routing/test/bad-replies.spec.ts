import { selection, type RawJson } from '@facet/contracts';
import { Fault } from '@facet/platform';
import { eventually } from '@facet/testing';
import { afterEach, describe, expect, jest, test } from '@jest/globals';
import type { Upstreams } from '../src/index.js';
import { frameOf, startBadPeer, type Says } from './support/bad-peer.js';
import { failureOf } from './support/calls.js';
import { startOurs } from './support/our-service.js';
import { itemOf, shop } from './support/shop.js';
import { shopAt } from './support/watch.js';

jest.setTimeout(30_000);

const closing: { close(): Promise<void> }[] = [];
afterEach(async () => {
  for (const each of closing.splice(0)) await each.close();
});

/** Long: what fails does not fail for lack of time. */
const soon = () => ({ signal: new AbortController().signal, deadline: performance.now() + 20_000 });

/** The same with a handler in place of a promise. */
const dispatched = (upstreams: Upstreams): Promise<RawJson> =>
  new Promise((resolve, reject) => {
    const request = { selection: passedOn, input: { id: 'a' }, deadline: performance.now() + 20_000 };
    const arrived = ({ value }: { value: unknown }) => resolve(value as RawJson);
    upstreams.dispatch({})(request, { arrived, missed: reject });
  });
const passedOn = selection(shop.item, { opaque: true });

const OURS = { facet: 1, can: ['checked', 'fields', 'cancel', 'deadline', 'drain'] };
const deep = `${'['.repeat(8_000)}${']'.repeat(8_000)}`;
const json = JSON.stringify;
const plain = itemOf('a');
const ascii = { ...plain, title: 'An item' };
const reply =
  (response: string): Says =>
  (socket, id) =>
    void socket.write(frameOf(`{"response":${response},"isDisposed":true,"id":${id}}`));
const bytes =
  (text: string): Says =>
  (socket) =>
    void socket.write(text);

const bad: Record<string, Says> = {
  null: reply('null'),
  'a wrong shape': reply('{"id":7}'),
  'a field of another type': reply(json({ ...ascii, price: 'cheap' })),
  'a deep value': reply(deep),
  'a deep value with its keys in another order': (socket, id) =>
    void socket.write(frameOf(`{"id":${id},"isDisposed":true,"response":${deep}}`)),
  'a deep field': reply(json({ ...ascii, tags: [] }).replace('[]', deep)),
  nothing: (socket, id) => void socket.write(frameOf(`{"isDisposed":true,"id":${id}}`)),
  'garbage for a length': bytes('HTTP/1.1 400 Bad Request\r\n\r\n'),
  'a length that no frame has': bytes('999999999#{'),
  'garbage for JSON': (socket, id) =>
    void socket.write(frameOf(`{"response":{"id":nope},"isDisposed":true,"id":${id}}`)),
  'a frame that is no JSON': bytes(frameOf('{"response":')),
  'more than the limit': reply(json({ ...ascii, title: 'x'.repeat(1_100_000) })),
  'a list for a frame': bytes('2#[]'),
  'null for a frame': bytes('4#null'),
  'a number for a frame': bytes('1#5'),
  'an id that holds others': bytes(frameOf('{"response":{},"id":[1]}')),
};

describe.each([
  ['a stock service', undefined],
  ['a service that says that it checks', OURS],
])('%s that answers', (_, hello) => {
  test.each(Object.keys(bad))('%s is a bad reply at once, whatever is read of it', async (what) => {
    const peer = await startBadPeer(bad[what] as Says, hello);
    // One connection is lost with most of these: the calls come one after the other, and none is repeated.
    const upstreams = shopAt([peer.address], { retry: false, breaker: false, ejection: { failures: 1_000 } });
    closing.push(upstreams, peer);
    const call = upstreams.bind({});
    const calls = [
      () => call(shop.item, { id: 'a' }, soon()),
      () => call(shop.item, { id: 'a' }, { ...soon(), fields: ['price.amount'] }),
      () => call(shop.item, { id: 'a' }, { ...soon(), raw: true }),
      () => dispatched(upstreams),
      () => call(shop.count, { key: 'a' }, soon()),
    ];
    for (const ask of calls) {
      await eventually(() => upstreams.snapshot()[0]?.instances[0]?.state === 'ready');
      const startedAt = performance.now();
      const failure = await failureOf(ask());
      expect(failure).toBeInstanceOf(Fault);
      expect(failure).toMatchObject({ code: 'upstream.bad-reply', status: 502, service: 'shop' });
      expect(performance.now() - startedAt).toBeLessThan(10_000);
    }
  });

  test('what its contract does not name is taken at its word of nothing: it is cut off', async () => {
    const more = json({ ...ascii, internalCost: 7 }).replace(
      '{',
      '{"__proto__":{"admin":true},"constructor":{"x":1},',
    );
    const peer = await startBadPeer(reply(more), hello);
    const upstreams = shopAt([peer.address]);
    closing.push(upstreams, peer);
    expect((await dispatched(upstreams)).json).toBe(json(ascii));
    const { value } = await upstreams.bind({})(shop.item, { id: 'a' }, soon());
    expect(json(value)).toBe(json(ascii));
    expect(Object.getPrototypeOf(value)).toBe(Object.prototype);
    const fields = ['tags.name'];
    const cut = await upstreams.bind({})(shop.item, { id: 'a' }, { ...soon(), fields });
    expect(cut.value).toEqual({ tags: [{ name: 'new' }, { name: 'sale' }] });
  });

  test.each([
    deep,
    `{"code":"a.b","status":404,"message":"m","fields":[${deep}]}`,
    `{"status":404,"message":[${deep},"no"]}`,
  ])('an error of odd shape fails that one call', async (err) => {
    const peer = await startBadPeer(
      (socket, id) => void socket.write(frameOf(`{"err":${err},"isDisposed":true,"id":${id}}`)),
      hello,
    );
    const upstreams = shopAt([peer.address]);
    closing.push(upstreams, peer);
    const failure = await failureOf(upstreams.bind({})(shop.item, { id: 'a' }, soon()));
    expect(failure).toBeInstanceOf(Fault);
    expect(json((failure as Fault).toWire()).length).toBeLessThan(1_000);
    expect(upstreams.health('shop')).toBe('up');
  });
});

test('half a frame on a busy connection costs none of the queries on it', async () => {
  let said = 0;
  const peer = await startBadPeer((socket, id) => {
    said += 1;
    if (said === 10) socket.write('500#{"response":{"id":');
    else setTimeout(() => reply(json(ascii))(socket, id), 20);
  });
  const well = await startOurs({ name: 'well', takesMs: 20 });
  const upstreams = shopAt([peer.address, well.address], { connections: 1 });
  closing.push(upstreams, peer, well);
  await eventually(() => upstreams.snapshot()[0]?.instances.every(({ state }) => state === 'ready'));
  const call = upstreams.bind({});
  const results = await Promise.allSettled(
    Array.from({ length: 40 }, () => call(shop.item, { id: 'a' }, soon())),
  );
  expect(said).toBeGreaterThanOrEqual(10);
  expect(results.filter(({ status }) => status === 'rejected')).toEqual([]);
});

test('half a frame of the only instance costs none of the queries on it', async () => {
  let said = 0;
  const peer = await startBadPeer((socket, id) => {
    said += 1;
    if (said === 10) socket.write('500#{"response":{"id":');
    else setTimeout(() => reply(json(ascii))(socket, id), 20);
  });
  const upstreams = shopAt([peer.address]);
  closing.push(upstreams, peer);
  await eventually(() => upstreams.snapshot()[0]?.instances[0]?.state === 'ready');
  const call = upstreams.bind({});
  const results = await Promise.allSettled(
    Array.from({ length: 20 }, () => call(shop.item, { id: 'a' }, soon())),
  );
  expect(
    results.flatMap((each) => (each.status === 'rejected' ? [(each.reason as Fault).code] : [])),
  ).toEqual([]);
});
