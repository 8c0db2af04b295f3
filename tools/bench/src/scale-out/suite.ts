import { readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { hasBalancer, startBalancer, type Balancer } from '@facet/operations';
import type { FacetSettings } from '../gateway/facet-gateway.js';
import type { Goal } from '../goals.js';
import type { LoadResult } from '../load.js';
import type { Scale } from '../scale.js';
import { median } from '../stats.js';
import { table } from '../table.js';
import { WorkerPool, type Worker } from '../worker.js';

const COUNTS = [1, 2, 4];
/** A screen made of four answers, whose shape reads their rows; and one answer that is passed on. */
const ENDPOINTS = { screen: 'look', proxied: 'through' };
const IN_FLIGHT = 32;
const WARM_CALLS = 4_000;

/** One measured run of an endpoint. CPU is in microseconds of a request. */
interface Run {
  readonly perSecond: number;
  readonly p99Ms: number;
  readonly gateway: number;
  readonly balancer: number;
  readonly service: number;
  readonly client: number;
}

/**
 * One, two and four gateway processes behind HAProxy, with one service and one client on the same cores. Throughput ends where
 * the cores do; what a request costs each process says what more cores bring.
 */
export async function benchScaleOut(scale: Scale): Promise<{ report: string; goals: Goal[] }> {
  if (!hasBalancer) return { report: 'not measured: haproxy or openssl is not installed', goals: [] };
  const folder = await mkdtemp(join(tmpdir(), 'facet-scale-out-'));
  try {
    const rows: string[][] = [];
    for (const count of COUNTS) rows.push(...(await rowsOf(count, folder, scale)));
    const header = [
      ...['gateways', 'endpoint', 'req/s', 'p99 ms', 'gateway µs', 'HAProxy µs', 'service µs', 'client µs'],
      ...['req/s a core', 'RSS MB each'],
    ];
    const cores = `${availableParallelism()} cores for all of it: gateways, HAProxy, the service, the client`;
    return { report: `${cores}\n${table(header, rows)}`, goals: [] };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function rowsOf(count: number, folder: string, scale: Scale): Promise<string[][]> {
  await using pool = new WorkerPool();
  const service = await pool.start('service', './gateway/facet-services.ts');
  const settings: FacetSettings = {
    ports: [await service.ask<number>('port')],
    cache: false,
  };
  const gateways = await Promise.all(
    Array.from({ length: count }, (_, index) => {
      const output = join(folder, `gateway-${index}.log`);
      return pool.start('gateway', './gateway/facet-gateway.ts', [JSON.stringify(settings)], output);
    }),
  );
  const client = await pool.start('client', './gateway/client.ts');
  const balancer = await startBalancer(await Promise.all(gateways.map(behind)), { tls: false });
  try {
    const field = { service, gateways, client, balancer };
    const runs: (readonly [string, Run])[] = [];
    for (const [name, path] of Object.entries(ENDPOINTS))
      runs.push([name, await measure(field, path, scale)]);
    const rss = await Promise.all(gateways.map((each) => each.ask<number>('rss')));
    return runs.map(([name, run]) => rowOf(count, name, run, median(rss) / 1_048_576));
  } finally {
    await balancer.stop();
  }
}

async function behind(gateway: Worker): Promise<{ address: string; adminPort: number }> {
  const [url, admin] = [await gateway.ask<string>('url'), await gateway.ask<string>('admin')];
  return { address: new URL(url).host, adminPort: Number(new URL(admin).port) };
}

interface Field {
  readonly service: Worker;
  readonly gateways: readonly Worker[];
  readonly client: Worker;
  readonly balancer: Balancer;
}

async function measure(field: Field, path: string, scale: Scale): Promise<Run> {
  const url = `http://127.0.0.1:${new URL(field.balancer.url).port}/${path}/1`;
  const load = (calls: number) => field.client.ask<LoadResult>('load', { url, inFlight: IN_FLIGHT, calls });
  await load(Math.round(WARM_CALLS * scale.warmth) * field.gateways.length);
  const trial = await load(1_000);
  const calls = Math.max(1_000, Math.round(trial.perSecond * 4 * scale.turnSeconds));
  const runs: Run[] = [];
  for (let round = 0; round < scale.rounds; round += 1) {
    const before = await cpuOf(field);
    const { perSecond, p99Ms, cpuMicros } = await load(calls);
    const after = await cpuOf(field);
    const each = (name: keyof typeof after) => (after[name] - before[name]) / calls;
    runs.push({
      ...{ perSecond, p99Ms, client: cpuMicros },
      ...{ gateway: each('gateway'), balancer: each('balancer'), service: each('service') },
    });
  }
  const middle = (key: keyof Run) => median(runs.map((run) => run[key]));
  return {
    ...{ perSecond: middle('perSecond'), p99Ms: middle('p99Ms'), client: middle('client') },
    ...{ gateway: middle('gateway'), balancer: middle('balancer'), service: middle('service') },
  };
}

async function cpuOf({ gateways, service, balancer }: Field) {
  const used = await Promise.all(gateways.map((each) => each.ask<number>('cpu')));
  return {
    gateway: used.reduce((sum, each) => sum + each, 0),
    service: await service.ask<number>('cpu'),
    balancer: cpuOfProcess(balancer.pid),
  };
}

/** Linux counts in hundredths of a second. */
const TICK_MICROS = 10_000;

/** User and system time of another process, in microseconds; not a number where the system does not say. */
function cpuOfProcess(pid: number): number {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
    return (Number(fields[11]) + Number(fields[12])) * TICK_MICROS;
  } catch {
    return Number.NaN;
  }
}

function rowOf(count: number, name: string, run: Run, rssMb: number): string[] {
  return [
    ...[String(count), name, run.perSecond.toFixed(0), run.p99Ms.toFixed(1), run.gateway.toFixed(0)],
    ...[run.balancer.toFixed(0), run.service.toFixed(0), run.client.toFixed(0)],
    ...[(1e6 / run.gateway).toFixed(0), rssMb.toFixed(0)],
  ];
}
