import { afterEach, describe, expect, test } from '@jest/globals';
import { eventually } from '@facet/testing';
import { route } from '../src/index.js';
import { startTestGateway } from './support/gateway.js';
import { shop, startShop } from './support/shop.js';

const routes = [route('GET /items/:id', shop.item, { access: 'public', input: { id: 'path' } })];
const running: { stop(): Promise<void> }[] = [];
afterEach(() =>
  Promise.all(
    running
      .splice(0)
      .reverse()
      .map((each) => each.stop()),
  ),
);

type Settings = NonNullable<Parameters<typeof startTestGateway>[0]['upstreams']>;

async function start(upstreams: Settings, env: Record<string, string> = {}) {
  const never = () => new Promise<never>(() => undefined);
  const named = ({ id }: { id: string }) => ({ id, name: 'n'.repeat(id === 'large' ? 5_000 : 5) });
  const item = (input: { id: string }) => (input.id === 'never' ? never() : named(input));
  const service = await startShop({ item });
  running.push(service);
  const settings = { ANSWER_CACHE: 'false', SHOP_ADDRESSES: service.address, ...env };
  const gateway = await startTestGateway({ routes, upstreams, env: settings });
  running.push(gateway);
  return gateway;
}

describe('how a service is called is set in the options of a gateway', () => {
  test('for one service, down to the largest answer that it may give', async () => {
    const { http } = await start({ shop: { channel: { maxFrameBytes: 4_096 } } });
    expect((await http.get('/items/small')).status).toBe(200);
    const large = await http.get<{ service: string }>('/items/large');
    expect([large.status, large.data.service]).toEqual([502, 'shop']);
  });

  test('for all services, and for one of them otherwise', async () => {
    const both = await start({ '*': { maxCallMs: 60 } });
    expect((await both.http.get('/items/never')).status).toBe(504);
    const own = await start({ '*': { channel: { maxFrameBytes: 4_096 } }, shop: { channel: {} } });
    expect((await own.http.get('/items/large')).status).toBe(200);
  });

  test.each([
    [{ shop: { connections: 1.5 } }, 'shop.connections: got 1.5'],
    [{ shop: { breaker: { failureShare: 3 } } }, 'shop.breaker.failureShare: got 3'],
    [{ '*': { maxCallMs: -5 } }, 'shop.maxCallMs: got -5'],
    [{ shops: {} }, 'upstreams.shops: no such service in the configuration; there are shop'],
  ])('%j keeps it from starting', async (upstreams, message) => {
    await expect(start(upstreams)).rejects.toThrow(message);
  });
});

test('a service whose name is not found is in the log, once, with the name', async () => {
  const gateway = await start({}, { SHOP_ADDRESSES: 'dns://no-such-service.invalid:4080' });
  const lines = () =>
    gateway
      .log()
      .split('\n')
      .filter((line) => line.includes('no-such-service.invalid'));
  await eventually(() => lines().length > 0);
  expect(lines()).toEqual([expect.stringContaining('"service":"shop"')]);
});
