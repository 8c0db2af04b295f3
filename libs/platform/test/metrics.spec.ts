import { afterEach, describe, expect, test } from '@jest/globals';
import axios from 'axios';
import { Counter, createMetrics, Gauge, Histogram, startAdmin, type AdminServer } from '../src/index.js';

const open: AdminServer[] = [];
afterEach(() => Promise.all(open.splice(0).map((server) => server.stop())));

const OPEN_METRICS = 'application/openmetrics-text;version=1.0.0,text/plain;version=0.0.4;q=0.5';

async function serve() {
  const registry = createMetrics('spec');
  const server = await startAdmin({ host: '127.0.0.1', port: 0, metrics: registry });
  open.push(server);
  const scrape = async (accept = '*/*') => {
    const { data, headers } = await axios.get<string>(`${server.url}/metrics`, { headers: { accept } });
    return { lines: data.split('\n'), type: String(headers['content-type']) };
  };
  return { registry, scrape };
}

describe('metrics', () => {
  test('are plain numbers of series that are bound once, from 0 on, and text for who scrapes', async () => {
    const { registry, scrape } = await serve();
    const shed = new Counter({ name: 'shed_total', help: 'Shed', labels: ['criticality'] }, registry);
    const low = shed.with('low');
    expect(shed.with('low')).toBe(low);
    expect((await scrape()).lines).toContain('shed_total{criticality="low",process="spec"} 0');
    low.inc();
    low.inc(2);
    const { lines, type } = await scrape();
    expect(lines).toContain('# TYPE shed_total counter');
    expect(lines).toContain('shed_total{criticality="low",process="spec"} 3');
    expect(type).toContain('text/plain; version=0.0.4');
  });

  test('of times are cumulative buckets, with the sum and the count', async () => {
    const { registry, scrape } = await serve();
    const options = { name: 'times_seconds', help: 'Times', labels: ['route'], buckets: [0.1, 1] };
    const times = new Histogram(options, registry).with('/x');
    for (const seconds of [0.05, 0.1, 0.5, 3]) times.observe(seconds);
    const lines = (await scrape()).lines.filter((line) => line.startsWith('times_seconds'));
    expect(lines).toEqual([
      'times_seconds_bucket{route="/x",le="0.1",process="spec"} 2',
      'times_seconds_bucket{route="/x",le="1",process="spec"} 3',
      'times_seconds_bucket{route="/x",le="+Inf",process="spec"} 4',
      'times_seconds_sum{route="/x",process="spec"} 3.65',
      'times_seconds_count{route="/x",process="spec"} 4',
    ]);
  });

  test('have trace ids as exemplars in OpenMetrics, in turns with the other format', async () => {
    const { registry, scrape } = await serve();
    new Counter({ name: 'shed_total', help: 'Shed' }, registry).with().inc();
    const times = new Histogram({ name: 'times_seconds', help: 'Times', buckets: [0.1] }, registry).with();
    times.observe(0.05, 'a'.repeat(32));
    for (let turn = 0; turn < 2; turn += 1) {
      const { lines, type } = await scrape(OPEN_METRICS);
      expect(type).toContain('application/openmetrics-text; version=1.0.0');
      expect(lines).toContain('# TYPE shed counter');
      expect(lines).toContain('shed_total{process="spec"} 1');
      const bucket = lines.find((line) => line.startsWith('times_seconds_bucket{le="0.1"'));
      expect(bucket).toMatch(/ 1 # \{trace_id="a{32}"\} 0\.05 1\d{9}\.\d+$/);
      expect(lines.at(-2)).toBe('# EOF');
      expect((await scrape()).lines).toContain('shed_total{process="spec"} 1');
    }
  });

  test('that are read when somebody scrapes cost nothing before', async () => {
    const { registry, scrape } = await serve();
    let reads = 0;
    const read = () => [[(reads += 1), 'shop'] as const];
    new Gauge({ name: 'instances', help: 'Instances', labels: ['service'] }, read, registry);
    expect(reads).toBe(0);
    expect((await scrape()).lines).toContain('instances{service="shop",process="spec"} 1');
  });

  test('are bounded: what is labelled otherwise than 2,000 series are is counted under another label', async () => {
    const { registry, scrape } = await serve();
    const seen = new Counter({ name: 'seen_total', help: 'Seen', labels: ['what'] }, registry);
    for (let n = 0; n < 3_000; n += 1) seen.with(`thing ${n}`).inc();
    const lines = (await scrape()).lines.filter((line) => line.startsWith('seen_total'));
    expect(lines.length).toBe(2_001);
    expect(lines).toContain('seen_total{what="_other",process="spec"} 1000');
  });

  test('have what is known of every process, how busy the event loop is too', async () => {
    const { scrape } = await serve();
    const { lines } = await scrape();
    for (const name of [
      'process_resident_memory_bytes',
      'nodejs_eventloop_lag_p99_seconds',
      'nodejs_eventloop_utilization_ratio',
    ])
      expect(lines.some((line) => line.startsWith(`${name}{`))).toBe(true);
  });
});
