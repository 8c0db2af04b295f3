import type { Goal } from '../goals.js';
import type { LoadResult } from '../load.js';
import type { Scale } from '../scale.js';
import { median, pairedRatios } from '../stats.js';
import { table } from '../table.js';
import { WorkerPool, type Worker } from '../worker.js';
import type { Work } from './client.js';

interface Turn extends LoadResult {
  readonly serverCpuMicros: number;
}

interface Ends {
  readonly name: string;
  readonly client: Worker;
  readonly server: Worker;
}

const rowsOf: readonly { work: Work; inFlight: number }[] = [
  { work: 'echo 290 B', inFlight: 1 },
  { work: 'echo 290 B', inFlight: 64 },
  { work: 'echo 290 B', inFlight: 512 },
  { work: 'forward 20 KB', inFlight: 1 },
  { work: 'forward 20 KB', inFlight: 64 },
  { work: 'forward 20 KB', inFlight: 512 },
];

/** Stock Nest against our two ends, and our client against a stock server, turn by turn in one run. */
export async function benchWire(scale: Scale): Promise<{ report: string; goals: Goal[] }> {
  await using workers = new WorkerPool();
  const pairs = await startPairs(workers);
  const rows: string[][] = [];
  const goals: Goal[] = [];
  for (const row of rowsOf) {
    const turns = await takeTurns(pairs, row, scale);
    rows.push(...pairs.map((ends) => rowOf(row, ends, turns)));
    goals.push(...goalsOf(row, turns));
  }
  goals.push(await burst(pairs, 500, 65_536), await burst(pairs, 20, 1_000_000));
  const header = [
    'work',
    'in flight',
    'server / client',
    'calls/s',
    '×',
    'p50 ms',
    'p99 ms',
    'client µs',
    'server µs',
  ];
  return { report: table(header, rows), goals };
}

async function startPairs(workers: WorkerPool): Promise<Ends[]> {
  const server = async (end: string): Promise<[Worker, string]> => {
    const worker = await workers.start(`${end} server`, './wire/server.ts', [end]);
    return [worker, String(await worker.ask<number>('port'))];
  };
  const [stockServer, stockPort] = await server('stock');
  const [facetServer, facetPort] = await server('facet');
  const client = (end: string, port: string): Promise<Worker> =>
    workers.start(`${end} client`, './wire/client.ts', [end, port]);
  return [
    { name: 'stock / stock', server: stockServer, client: await client('stock', stockPort) },
    { name: 'stock / facet', server: stockServer, client: await client('facet', stockPort) },
    { name: 'facet / facet', server: facetServer, client: await client('facet', facetPort) },
  ];
}

async function takeTurns(
  pairs: readonly Ends[],
  { work, inFlight }: { work: Work; inFlight: number },
  { rounds, turnSeconds }: Scale,
): Promise<Map<string, Turn[]>> {
  const trial = await pairs[0]!.client.ask<LoadResult>('load', { work, inFlight, calls: inFlight * 4 + 100 });
  const calls = Math.max(inFlight * 2, Math.round(trial.perSecond * turnSeconds));
  const turns = new Map<string, Turn[]>(pairs.map(({ name }) => [name, []]));
  for (let round = -1; round < rounds; round++) {
    for (const { name, client, server } of pairs) {
      const cpu = await server.ask<number>('cpu');
      const result = await client.ask<LoadResult>('load', { work, inFlight, calls });
      const serverCpuMicros = ((await server.ask<number>('cpu')) - cpu) / calls;
      if (round >= 0) turns.get(name)?.push({ ...result, serverCpuMicros });
    }
  }
  return turns;
}

const column = (turns: Map<string, Turn[]>, name: string, key: keyof Turn): number[] =>
  (turns.get(name) ?? []).map((turn) => turn[key]);

/** How much more (throughput) of the first than of stock, pair by pair. */
const ratio = (turns: Map<string, Turn[]>, name: string, key: keyof Turn): number =>
  median(pairedRatios(column(turns, name, key), column(turns, 'stock / stock', key)));

function rowOf(row: { work: Work; inFlight: number }, { name }: Ends, turns: Map<string, Turn[]>): string[] {
  const of = (key: keyof Turn): number => median(column(turns, name, key));
  return [
    row.work,
    String(row.inFlight),
    name,
    of('perSecond').toFixed(0),
    ratio(turns, name, 'perSecond').toFixed(2),
    of('p50Ms').toFixed(2),
    of('p99Ms').toFixed(2),
    of('cpuMicros').toFixed(1),
    of('serverCpuMicros').toFixed(1),
  ];
}

function goalsOf({ work, inFlight }: { work: Work; inFlight: number }, turns: Map<string, Turn[]>): Goal[] {
  const ours = 'facet / facet';
  const goal = (what: string, seen: number, bound: number): Goal => ({
    name: `${work} at ${String(inFlight)}: ${what}`,
    seen,
    bound,
    direction: 'at least',
  });
  const throughput = ratio(turns, ours, 'perSecond');
  const clientCpu = 1 / ratio(turns, ours, 'cpuMicros');
  const serverCpu = 1 / ratio(turns, ours, 'serverCpuMicros');
  if (work === 'echo 290 B' && inFlight === 64) {
    return [
      goal('throughput ×', throughput, 3),
      goal('client CPU ÷', clientCpu, 2.5),
      goal('server CPU ÷', serverCpu, 3),
    ];
  }
  if (work === 'echo 290 B' && inFlight === 512) return [goal('throughput ×', throughput, 3.3)];
  if (work === 'forward 20 KB' && inFlight === 64) return [goal('client CPU ÷', clientCpu, 3.5)];
  return [];
}

/** Enough at once to freeze two stock ends; ours must answer them all. */
async function burst(pairs: readonly Ends[], count: number, bytes: number): Promise<Goal> {
  const ours = pairs.find(({ name }) => name === 'facet / facet')!;
  const seen = await ours.client.ask<number>('burst', { count, bytes });
  return {
    name: `${String(count)} echoes of ${String(bytes)} B: answered`,
    seen,
    bound: count,
    direction: 'at least',
  };
}
