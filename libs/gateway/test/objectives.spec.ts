import { once } from 'node:events';
import { Controller, Get } from '@nestjs/common';
import { aggregate } from '@facet/aggregation';
import { eventually } from '@facet/testing';
import { afterEach, describe, expect, test } from '@jest/globals';
import axios from 'axios';
import { z } from 'zod';
import { Incoming, RequireAccess, route, Slo, type GatewayRequest } from '../src/index.js';
import { startTestGateway } from './support/gateway.js';
import { shop, startShop } from './support/shop.js';

const running: { stop(): Promise<void> }[] = [];
afterEach(() => Promise.all(running.splice(0).map((each) => each.stop())));

const access = 'public';
const one = { input: ({ input }: { input: { id: string } }) => input };
const answer = z.looseObject({});
const page = aggregate('spec.page', { input: shop.item.input })
  .optional('item', shop.item, one)
  .shape(({ item }) => ({ item }));
const strict = aggregate('spec.strict', { input: shop.item.input })
  .required('item', shop.item, one)
  .shape(({ item }) => ({ item }));

@Controller('v1')
@RequireAccess('public')
class OwnController {
  @Get('own')
  @Slo({ availability: 99.5, complete: 95 })
  own() {
    return {};
  }

  static waiting = false;

  @Get('waiting')
  @Slo({ availability: 99 })
  async waiting(@Incoming() { signal }: GatewayRequest) {
    OwnController.waiting = true;
    await once(signal, 'abort');
    throw signal.reason;
  }

  @Get('plain')
  plain() {
    return {};
  }
}

/** The series of `facet_slo_*`, as `events availability /pages/:id` and the value. */
async function seriesOf(admin: string): Promise<Record<string, number>> {
  const { data } = await axios.get<string>(`${admin}/metrics`);
  const lines = data.split('\n').filter((line) => line.startsWith('facet_slo_'));
  return Object.fromEntries(
    lines.map((line) => {
      const [, name = '', labels = '', value] = /^facet_slo_(\w+)\{(.*)\} (.*)$/.exec(line) ?? [];
      const label = (key: string) => new RegExp(`${key}="([^"]*)"`).exec(labels)?.[1] ?? '';
      return [`${name} ${label('objective')} ${label('http_route')}`, Number(value)];
    }),
  );
}

describe('the objectives of a route', () => {
  test('are metrics from the start, for routes of both forms, and for no other', async () => {
    const slo = { availability: 99.9, latencyMs: 300, complete: 99 };
    const gateway = await startTestGateway({
      controllers: [OwnController],
      routes: [
        route('GET /pages/:id', page, { access, answer, slo }),
        route('GET /items/:id', shop.item, { access, input: { id: 'path' } }),
      ],
    });
    running.push(gateway);
    const series = await seriesOf(gateway.admin);
    expect(series).toMatchObject({
      'objective_ratio availability /pages/:id': 0.999,
      'objective_ratio latency /pages/:id': 0.99,
      'objective_ratio complete /pages/:id': 0.99,
      'latency_threshold_seconds latency /pages/:id': 0.3,
      'events_total availability /pages/:id': 0,
      'bad_events_total complete /pages/:id': 0,
      'objective_ratio availability /v1/own': 0.995,
      'objective_ratio complete /v1/own': 0.95,
    });
    expect(Object.keys(series).filter((name) => /items|plain/.test(name))).toEqual([]);
    expect(series).not.toHaveProperty('objective_ratio latency /v1/own');
  });

  test('count an answer without a part, a failure and a slow answer, each for its own objective', async () => {
    const service = await startShop();
    const slo = { availability: 99.9, latencyMs: 60_000, complete: 99 };
    const gateway = await startTestGateway({
      shop: service.address,
      routes: [
        route('GET /pages/:id', page, { access, answer, slo }),
        route('GET /strict/:id', strict, { access, answer, slo: { availability: 99, latencyMs: 1 } }),
      ],
    });
    running.push(gateway);
    expect((await gateway.http.get('/pages/a')).status).toBe(200);
    expect((await gateway.http.get('/pages/A')).status).toBe(400);
    expect((await gateway.http.get('/strict/a')).status).toBe(200);
    await service.stop();
    expect((await gateway.http.get('/pages/b')).status).toBe(200);
    expect((await gateway.http.get('/strict/b')).status).toBe(503);
    const series = await seriesOf(gateway.admin);
    expect(series).toMatchObject({
      'events_total availability /pages/:id': 3,
      'bad_events_total availability /pages/:id': 0,
      'events_total latency /pages/:id': 2,
      'bad_events_total latency /pages/:id': 0,
      'events_total complete /pages/:id': 2,
      'bad_events_total complete /pages/:id': 1,
      'events_total availability /strict/:id': 2,
      'bad_events_total availability /strict/:id': 1,
      'events_total latency /strict/:id': 1,
    });
    expect(series).not.toHaveProperty('events_total complete /strict/:id');
  });

  test('count nothing for a client that leaves before its answer', async () => {
    const gateway = await startTestGateway({ controllers: [OwnController] });
    running.push(gateway);
    const leaving = new AbortController();
    const asked = fetch(`${gateway.url}/v1/waiting`, { signal: leaving.signal }).catch(() => undefined);
    await eventually(() => OwnController.waiting);
    leaving.abort();
    await asked;
    await eventually(() => gateway.log().includes('"status":499'));
    expect(await seriesOf(gateway.admin)).toMatchObject({ 'events_total availability /v1/waiting': 0 });
  });

  test.each<[string, object, string]>([
    ['nothing', {}, 'slo is empty'],
    ['100%', { availability: 100 }, 'slo.availability is 100, expected a percentage from 95 to 99.999'],
    ['a share', { complete: 0.99 }, 'slo.complete is 0.99, expected'],
    ['no number', { availability: '99.9' }, 'slo.availability is "99.9", expected'],
    ['no time', { latencyMs: 0 }, 'slo.latencyMs is 0, expected milliseconds from 1 to 60000'],
    ['another name', { latency: 300 }, 'slo has no "latency"'],
  ])('are refused at boot with %s', async (_, slo, message) => {
    expect(() => route('GET /pages/:id', page, { access, answer, slo })).toThrow(
      `GET /pages/:id: ${message}`,
    );
    @Controller()
    @RequireAccess('public')
    class WrongController {
      @Get('wrong')
      @Slo(slo)
      wrong() {
        return {};
      }
    }
    await expect(startTestGateway({ controllers: [WrongController] })).rejects.toThrow(
      `GET /wrong (WrongController.wrong): ${message}`,
    );
  });

  test('are refused where they ask for completeness of what cannot be incomplete', () => {
    const slo = { complete: 99 };
    const message = 'slo.complete is for an aggregation with parts that are not required';
    expect(() => route('GET /items/:id', shop.item, { access, input: { id: 'path' }, slo })).toThrow(message);
    expect(() => route('GET /strict/:id', strict, { access, answer, slo })).toThrow(message);
  });
});
