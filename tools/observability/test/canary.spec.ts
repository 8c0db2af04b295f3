import { spawn } from 'node:child_process';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { workspaceRoot } from '@facet/dev';
import { eventually } from '@facet/testing';
import { startPrometheus, type Prometheus } from '../src/prometheus.js';
import { burnRate } from '../src/rules/objectives.js';
import { givenPrometheus } from './support/given.js';

/** Windows of five minutes are fifteen seconds. */
const SCALE = 20;

givenPrometheus('npm run canary, at a real Prometheus', () => {
  /** A gateway as Prometheus sees it: twenty requests with each look, and the failures among them. */
  const gateway = { requests: 0, failures: 0, failing: 0 };
  let metrics: Server;
  let prometheus: Prometheus;

  beforeAll(async () => {
    metrics = createServer((_, response) => {
      gateway.requests += 20;
      gateway.failures += gateway.failing;
      response.setHeader('content-type', 'text/plain; version=0.0.4').end(exposed(gateway));
    });
    await new Promise<void>((resolve) => metrics.listen(0, '127.0.0.1', resolve));
    const { port } = metrics.address() as AddressInfo;
    const targets = { 'facet-gateways': { 'web-bff': `127.0.0.1:${port}` }, 'facet-services': {} };
    prometheus = await startPrometheus({ targets, interval: '500ms', scale: SCALE });
  }, 60_000);

  afterAll(async () => {
    await prometheus.stop();
    metrics.closeAllConnections();
    await new Promise((resolve) => metrics.close(resolve));
  });

  const rate = async () => (await prometheus.query(burnRate(300)))[0]?.value ?? NaN;

  test('has nothing to say where no objective had a request', async () => {
    const { url } = prometheus;
    gateway.failing = 0;
    const { code, output } = await canary('--prometheus', `${url}/nowhere`, '--seconds', '1');
    expect([code, output]).toEqual([2, expect.stringContaining('Prometheus cannot be asked')]);
  }, 60_000);

  test('lets a release pass that keeps the objectives', async () => {
    await eventually(async () => (await rate()) === 0, { withinMs: 60_000 });
    const { code, output } = await canary('--prometheus', prometheus.url, '--seconds', '2', '--every', '0.5');
    expect([code, output]).toEqual([0, '1 objectives were watched, and none of them burns\n']);
  }, 120_000);

  test('ends at once for one that misses an objective, and names it', async () => {
    gateway.failing = 10;
    await eventually(async () => (await rate()) > 15, { withinMs: 60_000 });
    const { code, output } = await canary('--prometheus', prometheus.url, '--seconds', '3600');
    expect([code, output]).toEqual([
      1,
      expect.stringMatching(/^web-bff: GET \/api\/home, availability, burns its budget \d+/),
    ]);
  }, 120_000);

  test.each([
    [[], '--prometheus is "", expected the address of a Prometheus: http://prometheus:9090\n'],
    [
      ['--prometheus', 'http://127.0.0.1:1', '--seconds', 'long'],
      '--seconds is "long", expected a number of seconds above 0\n',
    ],
  ])('says what is wrong with %j', async (args, expected) => {
    expect(await canary(...args)).toEqual({ code: 2, output: expected });
  });
});

function exposed({ requests, failures }: { requests: number; failures: number }): string {
  const labels =
    '{process="web-bff",http_request_method="GET",http_route="/api/home",objective="availability"}';
  return [
    `facet_slo_events_total${labels} ${requests}`,
    `facet_slo_bad_events_total${labels} ${failures}`,
    `facet_slo_objective_ratio${labels} 0.999`,
    '',
  ].join('\n');
}

async function canary(
  ...args: readonly string[]
): Promise<{ readonly code: number | null; readonly output: string }> {
  const script = ['--import', './tools/dev/register.mjs', 'tools/observability/src/watch.ts'];
  const child = spawn(process.execPath, [...script, ...args], {
    cwd: workspaceRoot,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding('utf8').on('data', (text: string) => (output += text));
  const code = await new Promise<number | null>((resolve) => child.once('close', resolve));
  return { code, output };
}
