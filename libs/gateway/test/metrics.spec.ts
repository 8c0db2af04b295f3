import { afterEach, describe, expect, test } from '@jest/globals';
import { aggregate } from '@facet/aggregation';
import { Fault } from '@facet/platform';
import { eventuallyPasses } from '@facet/testing';
import axios from 'axios';
import { z } from 'zod';
import { route } from '../src/index.js';
import { startTestGateway } from './support/gateway.js';
import { shop, startShop } from './support/shop.js';

const page = aggregate('spec.page', { input: shop.item.input })
  .required('item', shop.item, { input: ({ input }) => input })
  .optional('stars', shop.reviews, { input: ({ input }) => input })
  .shape(({ item, stars }) => ({ item, stars: stars?.stars }));

const routes = [
  route('GET /pages/:id', page, {
    access: 'public',
    answer: z.strictObject({ item: shop.item.output, stars: z.number().optional() }),
  }),
];

const running: { stop(): Promise<void> }[] = [];
afterEach(() => Promise.all(running.splice(0).map((each) => each.stop())));

async function start(handlers: Parameters<typeof startShop>[0] = {}) {
  const service = await startShop(handlers);
  const gateway = await startTestGateway({ routes, shop: service.address });
  running.push(gateway, service);
  const scrape = async (accept = '*/*') =>
    (await axios.get<string>(`${gateway.admin}/metrics`, { headers: { accept } })).data;
  const seriesOf = async (name: string) =>
    (await scrape()).split('\n').flatMap((line) => {
      const [, labels, value] = new RegExp(`^${name}\\{(.*),process="spec"\\} (.*)$`).exec(line) ?? [];
      return labels === undefined ? [] : [[labels, Number(value)]];
    });
  return { ...gateway, scrape, seriesOf };
}

describe("a gateway's metrics", () => {
  test('are there with 0 before the first request, where their labels are known', async () => {
    const { seriesOf } = await start();
    const expected = [
      [
        'http_server_request_duration_seconds_count',
        'http_request_method="GET",http_route="/pages/:id",http_response_status_code="200"',
      ],
      ['facet_http_degraded_answers_total', 'http_request_method="GET",http_route="/pages/:id"'],
      ['facet_aggregation_parts_total', 'aggregation="spec.page",part="stars",status="missing"'],
      ['facet_upstream_events_total', 'rpc_service="shop",event="ejected"'],
      ['facet_shed_requests_total', 'criticality="low"'],
      ['facet_audit_events_total', 'type="access",outcome="denied"'],
      ['facet_upstream_breakers', 'rpc_service="shop",state="open"'],
      ['facet_upstream_queued_calls', 'rpc_service="shop"'],
    ] as const;
    for (const [name, labels] of expected) expect(await seriesOf(name)).toContainEqual([labels, 0]);
  });

  test('say how many requests are active', async () => {
    const answer = Promise.withResolvers<object>();
    const { http, scrape } = await start({ item: () => answer.promise });
    const active = async () => Number(/^http_server_active_requests\{.*\} (\d+)$/m.exec(await scrape())?.[1]);
    expect(await active()).toBe(0);
    const asked = http.get('/pages/a');
    await eventuallyPasses(async () => expect(await active()).toBe(1));
    answer.resolve({ id: 'a', name: 'one' });
    await asked;
    await eventuallyPasses(async () => expect(await active()).toBe(0));
  });

  test('count a degraded answer, its parts, its calls and their attempts', async () => {
    const down = () => {
      throw new Fault('shop.down', 503, 'out of order');
    };
    const { http, seriesOf } = await start({ reviews: down });
    expect((await http.get<object>('/pages/a')).status).toBe(200);
    await eventuallyPasses(async () => {
      expect(await seriesOf('facet_http_degraded_answers_total')).toEqual([
        ['http_request_method="GET",http_route="/pages/:id"', 1],
      ]);
    });
    const parts = await seriesOf('facet_aggregation_parts_total');
    expect(parts).toContainEqual(['aggregation="spec.page",part="item",status="fresh"', 1]);
    expect(parts).toContainEqual(['aggregation="spec.page",part="stars",status="missing"', 1]);
    expect(await seriesOf('facet_aggregation_part_duration_seconds_count')).toEqual([
      ['aggregation="spec.page",part="item"', 1],
      ['aggregation="spec.page",part="stars"', 1],
    ]);
    const calls = await seriesOf('rpc_client_call_duration_seconds_count');
    expect(calls).toContainEqual(['rpc_service="shop",rpc_method="shop.item",error_type=""', 1]);
    expect(calls).toContainEqual(['rpc_service="shop",rpc_method="shop.reviews",error_type="shop.down"', 1]);
    expect(await seriesOf('facet_upstream_attempts_total')).toEqual([
      ['rpc_service="shop",why="first",outcome="ok"', 1],
      ['rpc_service="shop",why="first",outcome="remote"', 1],
    ]);
  });

  test('name a route that is none, a method that is none, and no address', async () => {
    const { http, scrape } = await start();
    await http.get('/nowhere/secret-id');
    await http.request({ url: '/pages/a', method: 'PROPFIND' });
    await eventuallyPasses(async () => {
      const text = await scrape();
      expect(text).toContain('http_request_method="GET",http_route="none",http_response_status_code="404"');
      expect(text).toContain('http_request_method="_OTHER"');
      expect(text).not.toContain('secret-id');
    });
  });

  test('have the trace id of a request as exemplar, where its trace is sampled', async () => {
    const { http, scrape } = await start();
    const trace = (flags: string, id: string) => ({
      headers: { traceparent: `00-${id.repeat(32)}-b7ad6b7169203331-${flags}` },
    });
    await http.get('/pages/a', trace('00', 'e'));
    await http.get('/pages/a', trace('01', 'f'));
    await eventuallyPasses(async () => {
      const text = await scrape('application/openmetrics-text; version=1.0.0');
      expect(text).toContain(`# {trace_id="${'f'.repeat(32)}"}`);
      expect(text).not.toContain('e'.repeat(32));
    });
  });
});
