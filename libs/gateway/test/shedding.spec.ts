import { afterEach, describe, expect, test } from '@jest/globals';
import { aggregate } from '@facet/aggregation';
import { eventually } from '@facet/testing';
import { Controller, Get } from '@nestjs/common';
import { z } from 'zod';
import { Answers, Criticality, Incoming, RequireAccess, route, type GatewayRequest } from '../src/index.js';
import { startTestGateway } from './support/gateway.js';
import { shop, startShop } from './support/shop.js';

const important = aggregate('spec.important', { input: z.strictObject({}), criticality: 'high' })
  .required('found', shop.search, { input: () => ({}) })
  .shape(({ found }) => found);

@Controller()
class ImportantController {
  @Get('important')
  @Answers(important, { access: 'public', answer: shop.search.output })
  important(@Incoming() request: GatewayRequest) {
    return request.answer(important);
  }
}

@Controller('by-controller')
@RequireAccess('public')
@Criticality('low')
class LowController {
  @Get('low')
  low() {
    return { level: 'low' };
  }

  @Get('high')
  @Criticality('high')
  high() {
    return { level: 'high' };
  }
}

const routes = [
  route('GET /items/:id', shop.item, { access: 'public', input: { id: 'path' } }),
  route('GET /reviews/:id', shop.reviews, { access: 'public', input: { id: 'path' }, criticality: 'low' }),
];

const origin = 'https://app.example.com';

const running: { stop(): Promise<void> }[] = [];
afterEach(async () => {
  for (const each of running.splice(0)) await each.stop();
});

async function start(maxInFlight: number) {
  const end = Promise.withResolvers<void>();
  const held = { count: 0 };
  const shopRunning = await startShop({
    item: async ({ id }: { id: string }) => {
      held.count += 1;
      await end.promise;
      return { id, name: id };
    },
  });
  const gateway = await startTestGateway({
    ...{ controllers: [ImportantController, LowController], routes, shop: shopRunning.address },
    policy: { shedding: { maxInFlight }, cors: { origins: [origin] } },
  });
  running.push(gateway, shopRunning);
  return { gateway, held, end: end.resolve };
}

describe('a gateway that is asked more than it takes at once', () => {
  test('turns away the least critical first, at once and with a time to come back, and takes them again later', async () => {
    const { gateway, held, end } = await start(10);
    const { http } = gateway;
    const waiting = Array.from({ length: 8 }, (_, index) => http.get(`/items/${index}`));
    await eventually(() => held.count === 8);
    const low = await http.get('/reviews/a', { headers: { origin } });
    expect([low.status, low.data]).toMatchObject([503, { code: 'overload.shed', status: 503 }]);
    expect(low.headers['retry-after']).toBe('1');
    expect(low.headers['access-control-allow-origin']).toBe(origin);
    expect((await http.get('/items/x')).status).toBe(503);
    expect((await http.get('/important')).status).toBe(200);
    expect((await http.get('/by-controller/low')).status).toBe(503);
    expect((await http.get('/by-controller/high')).status).toBe(200);
    end();
    expect((await Promise.all(waiting)).map(({ status }) => status)).toEqual(Array(8).fill(200));
    await eventually(async () => (await http.get('/reviews/a')).status === 200);
    const { data: metrics } = await http.get<string>(`${gateway.admin}/metrics`);
    expect(metrics).toMatch(/facet_shed_requests_total\{criticality="low"[^}]*\} \d/);
  });

  test('has room again when a client leaves', async () => {
    const { gateway, held, end } = await start(2);
    const leaving = new AbortController();
    const request = gateway.http.get('/items/a', { signal: leaving.signal });
    await eventually(() => held.count === 1);
    expect((await gateway.http.get('/reviews/a')).status).toBe(503);
    leaving.abort();
    await expect(request).rejects.toThrow();
    await eventually(async () => (await gateway.http.get('/reviews/a')).status === 200);
    end();
  });
});

test('a level that there is not is refused where it is written', () => {
  expect(() => Criticality('urgent' as 'high')).toThrow(
    '@Criticality: got "urgent", expected low, normal, high',
  );
});
