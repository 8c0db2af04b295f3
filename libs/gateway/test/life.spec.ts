import type { Authenticator } from '@facet/access';
import { aggregate } from '@facet/aggregation';
import { Fault } from '@facet/platform';
import { Controller, Get } from '@nestjs/common';
import { afterEach, describe, expect, test } from '@jest/globals';
import { eventually } from '@facet/testing';
import axios from 'axios';
import { z } from 'zod';
import {
  Answers,
  Incoming,
  route,
  type AuthFactory,
  type GatewayConfig,
  type GatewayRequest,
} from '../src/index.js';
import { startTestGateway } from './support/gateway.js';
import { shop, startShop } from './support/shop.js';

const routes = [route('GET /items/:id', shop.item, { access: 'public', input: { id: 'path' } })];

const running: { stop(): Promise<void> }[] = [];
afterEach(() => Promise.all(running.splice(0).map((each) => each.stop())));

const page = aggregate('spec.page', { input: shop.item.input })
  .required('item', shop.item, { input: ({ input }) => input })
  .optional('reviews', shop.reviews, { input: ({ input }) => input })
  .shape(({ item, reviews }) => ({ item, reviews }));
const pageAnswer = z.strictObject({ item: shop.item.output, reviews: shop.reviews.output.optional() });

const teasers = aggregate('spec.teasers', { input: z.strictObject({}) })
  .optional('found', shop.search, { input: () => ({}) })
  .shape(({ found }) => ({ found }));

@Controller()
class PageController {
  @Get('pages/:id')
  @Answers(page, { access: 'public', answer: pageAnswer })
  page(@Incoming() request: GatewayRequest) {
    return request.answer(page);
  }

  @Get('teasers')
  @Answers(teasers, { access: 'public', answer: z.strictObject({ found: shop.search.output.optional() }) })
  teasers(@Incoming() request: GatewayRequest) {
    return request.answer(teasers);
  }
}

async function start(
  handlers: Parameters<typeof startShop>[0] = {},
  env: Record<string, string> = {},
  auth?: AuthFactory<GatewayConfig>,
) {
  const service = await startShop(handlers);
  running.push(service);
  const gateway = await startTestGateway({
    ...{ routes, controllers: [PageController], shop: service.address, env },
    ...(auth === undefined ? {} : { auth }),
  });
  return { gateway, service };
}

const readyOf = (admin: string) => axios.get<object>(`${admin}/health/ready`, { validateStatus: () => true });

describe('a gateway', () => {
  test('is ready whatever its services do, and shows what the absence of one means for which route', async () => {
    const { gateway, service } = await start();
    running.push(gateway);
    const up = { status: 'ready', checks: [], services: { shop: { state: 'up' } } };
    expect((await readyOf(gateway.admin)).data).toEqual(up);
    await service.stop();
    const without = await eventually(async () => {
      const answer = await readyOf(gateway.admin);
      return JSON.stringify(answer.data).includes('down') && answer;
    });
    expect([without.status, without.data]).toEqual([
      200,
      {
        ...up,
        services: {
          shop: {
            state: 'down',
            unavailable: ['GET /items/:id', 'GET /pages/:id'],
            partial: ['GET /teasers'],
          },
        },
      },
    ]);
    running.push(await startShop({}, Number(service.address.split(':')[1])));
    await eventually(async () => JSON.stringify((await readyOf(gateway.admin)).data) === JSON.stringify(up));
  });

  test('is not ready before what it needs itself is there, and stays ready when that goes away later', async () => {
    let away = true;
    const authenticator: Authenticator = {
      ...{ credentials: [], schemes: {} },
      authenticate: () => Promise.resolve(undefined),
      challenge: () => ({}),
    };
    const sessions = () => (away ? Promise.reject(new Fault('sessions.away', 503, 'no Redis')) : undefined);
    const { gateway } = await start({}, {}, () => ({ authenticator, checks: { sessions } }));
    running.push(gateway);
    const unready = await readyOf(gateway.admin);
    expect([unready.status, unready.data]).toMatchObject([
      503,
      { missing: [{ name: 'sessions', reason: 'no Redis' }] },
    ]);
    away = false;
    expect((await readyOf(gateway.admin)).status).toBe(200);
    expect((await readyOf(gateway.admin)).data).not.toHaveProperty('away');
    away = true;
    const { status, data } = await readyOf(gateway.admin);
    expect([status, data]).toMatchObject([200, { away: ['sessions'] }]);
    away = false;
    expect((await readyOf(gateway.admin)).data).not.toHaveProperty('away');
  });

  test('S1 stops by finishing what it has: unready at once, still serving, asking clients to go', async () => {
    const gate = Promise.withResolvers<void>();
    const { gateway, service } = await start(
      {
        item: ({ id }: { id: string }) =>
          (id === 'slow' ? gate.promise : Promise.resolve()).then(() => ({ id, name: id })),
      },
      { DRAIN_DELAY_MS: '300' },
    );
    const inFlight = gateway.http.get<unknown>('/items/slow');
    await eventually(() => service.requests.length === 1);
    const stopped = gateway.stop();
    expect((await readyOf(gateway.admin)).status).toBe(503);
    const late = await gateway.http.get('/items/quick');
    expect([late.status, late.headers['connection']]).toEqual([200, 'close']);
    await eventually(
      async () => (await gateway.http.get('/items/quick').catch(() => ({ status: 0 }))).status === 0,
    );
    gate.resolve();
    expect((await inFlight).data).toEqual({ id: 'slow', name: 'slow' });
    await stopped;
    await expect(readyOf(gateway.admin)).rejects.toThrow();
  });

  test('says which port is taken', async () => {
    const { gateway, service } = await start();
    running.push(gateway);
    const { port } = new URL(gateway.url);
    const second = startTestGateway({
      routes,
      shop: service.address,
      env: { PORT: port },
    });
    await expect(second).rejects.toThrow(`cannot listen on 127.0.0.1:${port} (PORT)`);
  });

  test('counts requests by route and calls by operation, without an address of a client in it', async () => {
    const { gateway } = await start();
    running.push(gateway);
    await gateway.http.get('/items/secret-thing');
    const { data } = await axios.get<string>(`${gateway.admin}/metrics`);
    expect(data).toMatch(
      /http_server_request_duration_seconds_count\{.*http_route="\/items\/:id",http_response_status_code="200".*\} 1/,
    );
    expect(data).toMatch(
      /rpc_client_call_duration_seconds_count\{.*rpc_method="shop.item",error_type="".*\} 1/,
    );
    expect(data).toMatch(/facet_upstream_instances\{rpc_service="shop",state="ready".*\} 1/);
    expect(data).toMatch(/facet_upstream_pending_requests\{rpc_service="shop".*\} 0/);
    expect(data).not.toContain('secret-thing');
  });

  test('L2 logs one line a request, with its trace, and neither address nor headers', async () => {
    const { gateway } = await start();
    running.push(gateway);
    await gateway.http.get('/items/a?words=canary-1', {
      headers: { authorization: 'Bearer canary-2', cookie: 'canary-3' },
    });
    const lines = gateway
      .log()
      .split('\n')
      .filter((line) => line.includes('"answered"'));
    expect(lines).toHaveLength(1);
    expect(JSON.parse(lines[0] ?? '')).toMatchObject({ method: 'GET', route: '/items/:id', status: 400 });
    expect(gateway.log()).not.toContain('canary');
  });

  test('logs with a request that failed which service was missing and which policy refused', async () => {
    const { gateway, service } = await start();
    running.push(gateway);
    await service.stop();
    const { data } = await gateway.http.get<object>('/items/a');
    expect(data).not.toHaveProperty('policy');
    const line = await eventually(() =>
      gateway
        .log()
        .split('\n')
        .find((each) => each.includes('"answered"')),
    );
    const because = { problem: 'upstream.unavailable', service: 'shop', policy: 'no-instance' };
    expect(JSON.parse(line)).toMatchObject({ status: 503, ...because });
  });
});
