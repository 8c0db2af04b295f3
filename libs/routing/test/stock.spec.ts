import type { RawJson } from '@facet/contracts';
import { Fault } from '@facet/platform';
import { eventually } from '@facet/testing';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { createUpstreams, staticList, type Upstreams } from '../src/index.js';
import { itemOf, shop } from './support/shop.js';
import { startStock } from './support/stock-service.js';

const soon = (ms = 5_000) => ({ signal: new AbortController().signal, deadline: performance.now() + ms });

async function faultOf(promise: Promise<unknown>): Promise<Fault> {
  const error = await promise.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(Fault);
  return error as Fault;
}

describe('a stock Nest TCP service', () => {
  let stock: Awaited<ReturnType<typeof startStock>>;
  let upstreams: Upstreams;

  beforeAll(async () => {
    stock = await startStock();
    upstreams = createUpstreams({ shop: { discovery: staticList(stock.address) } });
  });
  afterAll(async () => {
    await upstreams.close();
    await stock.close();
  });

  test('is called by contract, and what the contract does not name is cut off', async () => {
    const answer = await upstreams.bind({})(shop.item, { id: 'a' }, soon());
    expect(answer).toEqual({ value: itemOf('a'), source: 'fresh', ageMs: 0 });
  });

  test('is cut to the fields that the caller reads, through lists', async () => {
    const fields = ['price.amount', 'tags.name'];
    const { value } = await upstreams.bind({})(shop.item, { id: 'a' }, { ...soon(), fields });
    expect(value).toEqual({ price: { amount: 1999 }, tags: [{ name: 'new' }, { name: 'sale' }] });
  });

  test('is forwarded as JSON, checked and cut, because it does not check itself', async () => {
    const { value } = await upstreams.bind({})(shop.item, { id: 'a' }, { ...soon(), raw: true });
    expect(JSON.parse((value as unknown as RawJson).json)).toEqual(itemOf('a'));
  });

  test('has one connection, as its small replies would wait on a second one', async () => {
    await upstreams.bind({})(shop.item, { id: 'a' }, soon());
    expect(upstreams.snapshot()[0]?.instances[0]).toMatchObject({ ours: false, connections: 1 });
  });

  test('has as many connections as somebody asks for', async () => {
    const several = createUpstreams({ shop: { discovery: staticList(stock.address), connections: 3 } });
    await eventually(() => several.snapshot()[0]?.instances[0]?.connections === 3);
    await several.close();
  });

  test('never gets an input that the contract refuses', async () => {
    const fault = await faultOf(upstreams.bind({})(shop.item, { id: '' }, soon()));
    expect(fault).toMatchObject({ code: 'input.invalid', status: 400, fields: [{ field: 'id' }] });
  });

  test.each([
    ['fault', { code: 'shop.unknown-item', status: 404, message: 'No such item' }],
    ['text', { code: 'upstream.error', status: 502, message: 'A service failed' }],
    ['status', { code: 'upstream.error', status: 409, message: 'it is taken; try another' }],
    ['server-error', { code: 'upstream.error', status: 502, message: 'A service failed' }],
    ['bare', { code: 'upstream.error', status: 502, message: 'A service failed' }],
    ['shape', { code: 'upstream.bad-reply', status: 502, policy: 'contract' }],
  ] as const)('that fails with %s becomes a fault that says so', async (how, expected) => {
    const fault = await faultOf(upstreams.bind({})(shop.fail, { with: how }, soon()));
    expect(fault).toMatchObject({ ...expected, service: 'shop' });
  });

  test('that does not know an operation is well, and asked for all the others', async () => {
    const fault = await faultOf(upstreams.bind({})(shop.missing, {}, soon()));
    expect(fault).toMatchObject({ code: 'upstream.no-handler', status: 502, policy: 'contract' });
    expect(upstreams.health('shop')).toBe('up');
  });

  test('that is slower than the deadline is given up, and the caller told which policy did so', async () => {
    const fault = await faultOf(upstreams.bind({})(shop.item, { id: 'a', delayMs: 400 }, soon(50)));
    expect(fault).toMatchObject({
      code: 'upstream.timeout',
      status: 504,
      policy: 'timeout',
      service: 'shop',
    });
  });

  test('is not waited for by a caller who left', async () => {
    const controller = new AbortController();
    const call = upstreams.bind({})(
      shop.item,
      { id: 'a', delayMs: 400 },
      { ...soon(), signal: controller.signal },
    );
    controller.abort();
    expect(await faultOf(call)).toMatchObject({ code: 'request.cancelled', status: 499 });
  });
});
