import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals';
import {
  eventually,
  startCollector,
  startWorld,
  type CollectedSpan,
  type Collector,
  type World,
} from '@facet/testing';

jest.setTimeout(60_000);

let collector: Collector;
let world: World;

/** Three processes; recommendations is not there, so that the home screen is degraded. */
beforeAll(async () => {
  collector = await startCollector();
  const traced = { OTEL_EXPORTER_OTLP_ENDPOINT: collector.endpoint };
  world = await startWorld({
    services: ['catalog', 'inventory'],
    gateways: ['mobile-bff'],
    env: { '*': traced, 'mobile-bff': { RECOMMENDATIONS_ADDRESSES: '127.0.0.1:1', ANSWER_CACHE: 'false' } },
  });
}, 120_000);

afterAll(async () => {
  await world?.stop();
  await collector?.stop();
});

const idOf = (digit: string) => digit.repeat(32);
const parent = 'b7ad6b7169203331';

async function get(path: string, headers: Record<string, string> = {}): Promise<number> {
  const response = await fetch(`${world.url('mobile-bff')}${path}`, { headers });
  await response.arrayBuffer();
  return response.status;
}

/** The spans of a trace, once what `isThere` waits for has arrived; each batch waits a second for more. */
const traceOf = (traceId: string, isThere: (spans: CollectedSpan[]) => boolean) =>
  eventually(() => {
    const spans = collector.spans.filter((span) => span.traceId === traceId);
    return isThere(spans) ? spans : undefined;
  });

const hasProcesses = (spans: CollectedSpan[]) => new Set(spans.map(({ process }) => process)).size === 3;

describe('a trace', () => {
  test('goes from the HTTP request over part, attempt and handler to the SQL, through three processes', async () => {
    const traceparent = `00-${idOf('a')}-${parent}-01`;
    expect(await get('/v1/home', { traceparent })).toBe(200);
    const spans = await traceOf(idOf('a'), hasProcesses);
    const byId = new Map(spans.map((span) => [span.spanId, span]));
    const [root] = spans.filter(({ parentSpanId }) => parentSpanId === parent);
    expect(root).toMatchObject({
      ...{ process: 'mobile-bff', name: 'GET /v1/home', kind: 2, isError: false },
      attributes: {
        'http.request.method': 'GET',
        'http.route': '/v1/home',
        'http.response.status_code': 200,
        'facet.aggregation': 'mobile.home',
        'facet.degraded': expect.stringContaining('popular'),
      },
    });
    const pathOf = (span: CollectedSpan): string[] => {
      const above = byId.get(span.parentSpanId);
      return [...(above === undefined ? [] : pathOf(above)), `${span.process}: ${span.name}`];
    };
    const paths = spans.map((span) => pathOf(span).join(' > '));
    expect(paths).toContain(
      'mobile-bff: GET /v1/home > mobile-bff: part featured > mobile-bff: catalog.featured > catalog: catalog.featured > catalog: SELECT',
    );
    expect(paths).toContain(
      'mobile-bff: GET /v1/home > mobile-bff: part stock > mobile-bff: inventory.levels > inventory: inventory.levels > inventory: SELECT',
    );
    expect(spans.filter(({ parentSpanId }) => parentSpanId !== parent && !byId.has(parentSpanId))).toEqual(
      [],
    );
    expect(new Set(spans.map(({ spanId }) => spanId)).size).toBe(spans.length);
    for (const { startMs, endMs } of spans) expect(endMs).toBeGreaterThanOrEqual(startMs);
    const popular = spans.find(({ name }) => name === 'part popular');
    expect(popular).toMatchObject({ isError: true, attributes: { 'facet.part.state': 'default' } });
    const sql = spans.find(({ name, process }) => name === 'SELECT' && process === 'catalog');
    expect(sql?.attributes).toMatchObject({
      'db.system.name': 'postgresql',
      'db.query.text': expect.stringMatching(/\$1/),
    });
  });

  test('that is not sampled is exported if its request was answered in part, and else is not', async () => {
    await get('/v1/products/does-not-exist', { traceparent: `00-${idOf('b')}-${parent}-00` });
    await get('/v1/home', { traceparent: `00-${idOf('c')}-${parent}-00` });
    const spans = await traceOf(idOf('c'), (found) => found.length > 0);
    expect(new Set(spans.map(({ process }) => process))).toEqual(new Set(['mobile-bff']));
    expect(collector.spans.filter(({ traceId }) => traceId === idOf('b'))).toEqual([]);
  });

  test.each([
    ['a trace of zeros', `00-${'0'.repeat(32)}-${parent}-01`],
    ['an unknown version', `ff-${idOf('d')}-${parent}-01`],
    ['a header of 8 KB', `00-${idOf('d')}-${parent}-01-${'x'.repeat(8_000)}`],
    ['markup', '<script>alert(1)</script>'],
    ['two at once', `00-${idOf('d')}-${parent}-01, 00-${idOf('d')}-${parent}-01`],
  ])('begins anew where the client names %s', async (_, traceparent) => {
    const before = collector.spans.length;
    await get('/v1/home', { traceparent });
    const roots = await eventually(() => {
      const found = collector.spans
        .slice(before)
        .filter(({ name, parentSpanId }) => name === 'GET /v1/home' && parentSpanId === '');
      return found.length > 0 ? found : undefined;
    });
    expect(roots[0]?.traceId).toMatch(/^(?!0{32})[0-9a-f]{32}$/);
    expect(/d{32}|<script|xxx/.test(JSON.stringify(collector.spans))).toBe(false);
  });

  test('has no token, no cookie, no address, no path and no value of a query', async () => {
    const secret = 'canary-9f31';
    const headers = {
      authorization: `Bearer ${secret}`,
      cookie: `id=${secret}`,
      'x-forwarded-for': '203.0.113.77',
      'user-agent': secret,
      baggage: `user=${secret}`,
      tracestate: `vendor=${secret}`,
    };
    const traced = (digit: string) => ({ ...headers, traceparent: `00-${idOf(digit)}-${parent}-01` });
    await get(`/v1/orders?status=${secret}`, traced('e'));
    await get(`/v1/products/${secret}/reviews?page=${secret}`, traced('f'));
    await traceOf(idOf('e'), (spans) => spans.length > 0);
    await traceOf(idOf('f'), (spans) => spans.length > 0);
    const text = JSON.stringify(collector.spans);
    expect([text.includes(secret), text.includes('203.0.113.77')]).toEqual([false, false]);
  });
});
