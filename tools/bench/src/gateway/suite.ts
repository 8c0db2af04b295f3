import type { Goal } from '../goals.js';
import type { LoadResult } from '../load.js';
import type { Scale } from '../scale.js';
import { median, pairedRatio } from '../stats.js';
import { table } from '../table.js';
import { WorkerPool, type Worker } from '../worker.js';

/** CPU per request of our gateway against the hand-written one on stock Nest: at most this ratio. */
const endpoints = [
  { path: 'cut', name: 'four services, cut to 2.5 KB', bound: 0.6 },
  { path: 'whole', name: 'four bodies whole', bound: 0.5 },
  { path: 'through', name: 'one body of 8 KB passed through', bound: 0.6 },
] as const;

interface Turn extends LoadResult {
  readonly gatewayCpuMicros: number;
}

interface Gateway {
  readonly name: string;
  readonly worker: Worker;
  readonly url: string;
}

/**
 * The same three endpoints of our gateway and of the hand-written one, turn by turn in one run; beside them what bounds
 * both from below: `bare`, Node's HTTP server on our connections, and `empty`, Nest and Fastify without a service.
 */
export async function benchGateway(scale: Scale): Promise<{ report: string; goals: Goal[] }> {
  await using workers = new WorkerPool();
  const stock = await startService(workers, 'stock');
  const facet = await startService(workers, 'facet');
  const gateways = [
    await startGateway(workers, 'stock', stock),
    await startGateway(workers, 'facet', facet),
    await startGateway(workers, 'bare', facet),
    await startGateway(workers, 'empty', stock),
  ];
  const client = await workers.start('load', './gateway/client.ts');
  const rows: string[][] = [];
  const goals: Goal[] = [];
  for (const { path, name, bound } of endpoints) {
    const turns = await takeTurns({ client, gateways, path, scale });
    for (const gateway of gateways) {
      const bytes = await client.ask<number>('length', `${gateway.url}/${path}/1`);
      rows.push(rowOf(name, { gateway, bytes, turns }));
    }
    const seen = pairedRatio(
      column(turns, 'facet', 'gatewayCpuMicros'),
      column(turns, 'stock', 'gatewayCpuMicros'),
    );
    goals.push({ name: `${name}: gateway CPU ×`, seen, bound, direction: 'at most' });
  }
  const header = ['endpoint', 'gateway', 'bytes', 'requests/s', 'p50 ms', 'p99 ms', 'gateway µs', '×'];
  return { report: table(header, rows), goals };
}

async function startService(workers: WorkerPool, name: 'stock' | 'facet'): Promise<string> {
  const service = await workers.start(`${name} service`, `./gateway/${name}-services.ts`);
  return String(await service.ask<number>('port'));
}

async function startGateway(workers: WorkerPool, name: string, port: string): Promise<Gateway> {
  const worker = await workers.start(`${name} gateway`, `./gateway/${name}-gateway.ts`, [port]);
  return { name, worker, url: await worker.ask<string>('url') };
}

interface Turns {
  readonly client: Worker;
  readonly gateways: readonly Gateway[];
  readonly path: string;
  readonly scale: Scale;
}

/** The engine compiles what is called often while it runs: until then that is what would be measured. */
const WARM_CALLS = 4_000;

async function takeTurns({ client, gateways, path, scale }: Turns): Promise<Map<string, Turn[]>> {
  const turns = new Map<string, Turn[]>(gateways.map(({ name }) => [name, []]));
  const inFlight = 32;
  const trial = await client.ask<LoadResult>('load', {
    url: `${gateways[0]!.url}/${path}/1`,
    inFlight,
    calls: 500,
  });
  const calls = Math.max(inFlight * 4, Math.round(trial.perSecond * scale.turnSeconds));
  for (const { url } of gateways) {
    await client.ask('load', { url: `${url}/${path}/1`, inFlight, calls: Math.max(calls, WARM_CALLS) });
  }
  for (let round = 0; round < scale.rounds; round++) {
    for (const { name, worker, url } of gateways) {
      const cpu = await worker.ask<number>('cpu');
      const result = await client.ask<LoadResult>('load', { url: `${url}/${path}/1`, inFlight, calls });
      const gatewayCpuMicros = ((await worker.ask<number>('cpu')) - cpu) / calls;
      turns.get(name)?.push({ ...result, gatewayCpuMicros });
    }
  }
  return turns;
}

const column = (turns: Map<string, Turn[]>, name: string, key: keyof Turn): number[] =>
  (turns.get(name) ?? []).map((turn) => turn[key]);

function rowOf(
  name: string,
  { gateway, bytes, turns }: { gateway: Gateway; bytes: number; turns: Map<string, Turn[]> },
): string[] {
  const of = (key: keyof Turn): number => median(column(turns, gateway.name, key));
  const cpu = column(turns, gateway.name, 'gatewayCpuMicros');
  return [
    name,
    gateway.name,
    String(bytes),
    of('perSecond').toFixed(0),
    of('p50Ms').toFixed(2),
    of('p99Ms').toFixed(2),
    of('gatewayCpuMicros').toFixed(0),
    pairedRatio(cpu, column(turns, 'stock', 'gatewayCpuMicros')).toFixed(2),
  ];
}
