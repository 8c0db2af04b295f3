import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { hasPrometheus, startPrometheus, type Prometheus } from '@facet/observability';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { unusedCommand } from '../src/unused/command.js';

const DAY = 86_400;
const now = Math.floor(Date.now() / 1_000);
const dayIn = (days: number) => new Date((now + days * DAY) * 1_000).toISOString().slice(0, 10);

const old = { deprecated: true };
const fields = (...all: readonly object[]) => ({ 'x-facet-deprecated': all });

const document = {
  openapi: '3.1.0',
  info: { title: 'web-bff', version: '1' },
  paths: {
    '/items/{id}': { get: fields({ field: 'query q' }, { field: 'answer items.brand', sunset: dayIn(-1) }) },
    '/quiet': { get: old },
    '/later': { get: { ...old, 'x-sunset': dayIn(9) } },
    '/young': { get: old },
    '/unseen': { get: old },
    '/used': { post: { ...old, ...fields({ field: 'body note' }) } },
    '/awake': { get: old },
  },
};

/** Days ago at which there are samples: one for each block of Prometheus' that has to be made. */
const SAMPLED = [40, 37.5, 35, 30.5, 20, 11, 9, 2, 0];

/** A series of the metric, from `from` days ago to now. */
function series(
  labels: { method?: string; route: string; field?: string; client?: string },
  from = 40,
  valueAt: (daysAgo: number) => number = () => 0,
): string {
  const { method = 'GET', route, field = '', client = 'visitor' } = labels;
  const named = `process="web-bff",http_request_method="${method}",http_route="${route}",field="${field}",client="${client}"`;
  const samples = SAMPLED.filter((daysAgo) => daysAgo <= from);
  return samples
    .map((ago) => `facet_deprecated_requests_total{${named}} ${valueAt(ago)} ${Math.round(now - ago * DAY)}`)
    .join('\n');
}

const history = [
  '# TYPE facet_deprecated_requests counter',
  series({ route: '/items/:id', field: 'query q' }, 40),
  series({ route: '/items/:id', field: 'query q', client: 'phone' }, 40, (ago) => (ago > 33 ? 3 : 7)),
  series({ route: '/items/:id', field: 'answer items.brand' }, 40),
  series({ route: '/quiet' }, 40),
  series({ route: '/later' }, 40),
  series({ route: '/young' }, 9),
  series({ route: '/used', method: 'POST' }, 40),
  series({ route: '/used', method: 'POST', client: 'shop' }, 40, (ago) => (ago > 10 ? 5 : 9)),
  series({ route: '/used', method: 'POST', client: 'newcomer' }, 2, () => 1),
  series({ route: '/used', method: 'POST', field: 'body note' }, 40),
  series({ route: '/awake' }, 40),
  // It began anew at 0 ten days ago, and was called once since.
  series({ route: '/awake', client: 'shop' }, 40, (ago) => (ago > 10 ? 50 : 1)),
  '# EOF\n',
].join('\n');

const root = mkdtempSync(join(tmpdir(), 'facet-unused-'));

function write(path: string, content: object): void {
  mkdirSync(dirname(join(root, path)), { recursive: true });
  writeFileSync(join(root, path), JSON.stringify(content));
}

async function run(...args: readonly string[]) {
  const said = { out: '', err: '' };
  const code = await unusedCommand(args, {
    ...{ root, width: 100, isColoured: false },
    out: (each) => void (said.out += each),
    err: (each) => void (said.err += each),
  });
  return { code, ...said };
}

afterAll(() => rmSync(root, { recursive: true }));

beforeAll(() => {
  write('apps/web-bff/project.json', {
    name: 'web-bff',
    metadata: { facet: { kind: 'gateway', port: 3_000, needs: [] } },
  });
  write('apps/web-bff/openapi.json', document);
});

(hasPrometheus ? describe : describe.skip)('npm run contracts:unused, of a real Prometheus', () => {
  let prometheus: Prometheus;

  beforeAll(async () => {
    const targets = { 'facet-gateways': {}, 'facet-services': {} };
    prometheus = await startPrometheus({ targets, interval: '1s', history });
  }, 120_000);

  afterAll(() => prometheus?.stop());

  test('says which may go, and who still calls the others', async () => {
    const { code, out, err } = await run('--prometheus', prometheus.url);
    expect({ code, err }).toEqual({ code: 0, err: '' });
    const lines = out.split('\n').map((line) => line.trim());
    expect(lines.slice(0, 4)).toEqual([
      'may go',
      'web-bff GET /items/:id, query q: nobody called in 30 days',
      'web-bff GET /items/:id, answer items.brand: nobody called in 30 days',
      'web-bff GET /quiet: nobody called in 30 days',
    ]);
    expect(lines).toContain('web-bff POST /used, body note: nobody called in 30 days');
    // Prometheus stretches an increase over the whole window.
    expect(lines.find((line) => line.startsWith('web-bff POST /used:'))).toMatch(
      /: shop \(\d\), newcomer \(1\)$/,
    );
    expect(lines.find((line) => line.startsWith('web-bff GET /awake'))).toMatch(/: shop \(\d\)$/);
    expect(lines).toContain(`web-bff GET /later: nobody called, and ${dayIn(9)} was said`);
    expect(lines).toContain('web-bff GET /young: it is watched for less than 30 days');
    expect(lines).toContain('web-bff GET /unseen: Prometheus has not seen it');
  });

  test('sees a call again in a longer window', async () => {
    const { out } = await run('--prometheus', prometheus.url, '--days', '37');
    expect(out).toMatch(/web-bff GET \/items\/:id, query q: phone \(\d\)\n/);
  });

  test('says that nothing is deprecated where nothing is', async () => {
    write('apps/web-bff/openapi.json', { ...document, paths: {} });
    expect(await run('--prometheus', prometheus.url)).toEqual({
      ...{ code: 0, err: '' },
      out: 'No route and no field is deprecated.\n',
    });
    write('apps/web-bff/openapi.json', document);
  });
});

describe('npm run contracts:unused', () => {
  test.each([
    [[], 'name where to ask: --prometheus http://127.0.0.1:9090\n'],
    [
      ['--prometheus', 'nowhere'],
      '--prometheus is "nowhere", expected an address like http://127.0.0.1:9090\n',
    ],
    [['--prometheus', 'http://127.0.0.1:1'], 'Prometheus cannot be reached at http://127.0.0.1:1: '],
    [
      ['--prometheus', 'http://127.0.0.1:1', '--days', '0'],
      '--days is "0", expected a whole number from 1\n',
    ],
    [['--wrong'], "Unknown option '--wrong'"],
  ])('answers %j in one line with exit code 2', async (args, says) => {
    const { code, out, err } = await run(...args);
    expect({ code, out, lines: err.split('\n').length }).toEqual({ code: 2, out: '', lines: 2 });
    expect(err.startsWith(says)).toBe(true);
  });
});
