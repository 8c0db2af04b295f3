import type { Goal } from '../goals.js';
import type { LoadResult } from '../load.js';
import type { Scale } from '../scale.js';
import { median, pairedRatios, quantile } from '../stats.js';
import { table } from '../table.js';
import { openField, type Field } from './field.js';
import type { LayerTimes } from './profile.js';
import { races, type Race, type Racer } from './scenarios.js';
import { column, holdSteady, takeTurns, type Turns } from './turns.js';

/** Resident memory of a gateway of ours at saturation, in MB. */
const RSS_GOAL_MB = 220;

/** Two tails that differ by less cannot be told apart on a machine that does other things too. */
const TAIL_GOAL = 1;

/** Layers that take less than this share of a request are added up as `the rest`. */
const SMALL = 0.015;

/**
 * Gateways of ours, set up as people run them, against the same endpoints written by hand on stock Nest, turn by turn in
 * one run; beside them what bounds both from below: `bare`, Node's HTTP server on our connections, and `empty`, Nest and
 * Fastify without a service.
 */
export async function benchGateway(scale: Scale): Promise<{ report: string; goals: Goal[] }> {
  await using field = await openField();
  const rows: string[][] = [];
  const goals: Goal[] = [];
  for (const race of races) {
    const turns = await takeTurns(field, race.racers, scale);
    const steady = race.racers.filter(({ name }) => race.isSteady && isHeldSteady(name));
    const tails = await holdSteady(field, steady, { turns, scale });
    for (const racer of race.racers) {
      const bytes = await field.client.ask<number>('length', field.targetOf(racer));
      rows.push(rowOf(race, racer, { bytes, turns, tails }));
    }
    goals.push(...cpuGoals(race, turns), ...tailGoals(race, tails));
  }
  const memory = await memoryOf(field);
  goals.push({
    name: 'RSS of a gateway of ours after saturation, MB',
    seen: memory.get('public') ?? Number.NaN,
    bound: RSS_GOAL_MB,
    direction: 'at most',
  });
  const header = ['endpoint', 'gateway', 'bytes', 'req/s', 'CPU µs', '×', 'q25–q75', 'p99 ms at 40%'];
  const rss = [...memory].map(([name, mb]) => `${name} ${mb.toFixed(0)}`).join(', ');
  const report = [table(header, rows), `RSS in MB: ${rss}`, await layers(field)].join('\n\n');
  return { report, goals };
}

const isHeldSteady = (name: string): boolean => ['stock', 'ours', 'ours, stock services'].includes(name);

function ratiosOf({ racers }: Race, racer: Racer, turns: Turns): number[] {
  const base = racer.comparedWith ?? racers[0]!.name;
  return pairedRatios(column(turns, racer.name, 'gatewayCpuMicros'), column(turns, base, 'gatewayCpuMicros'));
}

interface Seen {
  readonly bytes: number;
  readonly turns: Turns;
  readonly tails: ReadonlyMap<string, readonly number[]>;
}

function rowOf(race: Race, racer: Racer, { bytes, turns, tails }: Seen): string[] {
  const ratios = ratiosOf(race, racer, turns);
  const tail = tails.get(racer.name);
  return [
    racer === race.racers[0] ? race.title : '',
    racer.name,
    String(bytes),
    median(column(turns, racer.name, 'perSecond')).toFixed(0),
    median(column(turns, racer.name, 'gatewayCpuMicros')).toFixed(0),
    median(ratios).toFixed(2),
    `${quantile(ratios, 0.25).toFixed(2)}–${quantile(ratios, 0.75).toFixed(2)}`,
    tail === undefined ? '' : median(tail).toFixed(1),
  ];
}

function cpuGoals(race: Race, turns: Turns): Goal[] {
  return race.racers.flatMap((racer) =>
    racer.goal === undefined
      ? []
      : [
          {
            name: `${racer.path}, ${racer.name}: CPU ×`,
            seen: median(ratiosOf(race, racer, turns)),
            bound: racer.goal,
            direction: 'at most' as const,
          },
        ],
  );
}

/** The tail of ours, and of ours on stock services, against stock Nest's. */
function tailGoals({ racers }: Race, tails: ReadonlyMap<string, readonly number[]>): Goal[] {
  const stock = tails.get('stock');
  if (stock === undefined) return [];
  return racers
    .filter(({ name }) => name !== 'stock' && tails.has(name))
    .map(({ name, path }) => ({
      name: `${path}, ${name}: p99 at 40% of saturation ×`,
      seen: median(tails.get(name) ?? []) / median(stock),
      bound: TAIL_GOAL,
      direction: 'at most',
    }));
}

async function memoryOf({ gateways }: Field): Promise<Map<string, number>> {
  const memory = new Map<string, number>();
  for (const [name, worker] of gateways) memory.set(name, (await worker.ask<number>('rss')) / 1_048_576);
  return memory;
}

const PROFILED_CALLS = 6_000;

const profiled = [
  ...['cut', 'look', 'whole', 'through'].map((path) => ({ name: path, gateway: 'public' as const, path })),
  { name: 'cached', gateway: 'cached' as const, path: 'cut' },
];

/** Microseconds of a request by layer, from profiles of gateways of ours: where the cost is. */
async function layers(field: Field): Promise<string> {
  const columns: LayerTimes[] = [];
  for (const racer of profiled) {
    const target = field.targetOf(racer);
    const gateway = field.gateways.get(racer.gateway)!;
    await gateway.ask('beginProfile');
    await field.client.ask<LoadResult>('load', { ...target, inFlight: 32, calls: PROFILED_CALLS });
    columns.push(await gateway.ask<LayerTimes>('endProfile'));
  }
  const perCall = (times: LayerTimes, layer: string): number => (times[layer] ?? 0) / PROFILED_CALLS;
  const totals = columns.map((times) => Object.values(times).reduce((sum, each) => sum + each, 0));
  const isSmall = (layer: string): boolean =>
    columns.every((times, index) => (times[layer] ?? 0) < SMALL * (totals[index] ?? 0));
  const known = [...new Set(columns.flatMap((times) => Object.keys(times)))];
  const large = known.filter((layer) => !isSmall(layer));
  large.sort((a, b) => sumOf(columns, b) - sumOf(columns, a));
  const rows = large.map((layer) => [layer, ...columns.map((times) => perCall(times, layer).toFixed(1))]);
  const rest = columns.map((times) =>
    known.filter(isSmall).reduce((sum, layer) => sum + perCall(times, layer), 0),
  );
  rows.push(['the rest', ...rest.map((micros) => micros.toFixed(1))]);
  rows.push(['all', ...totals.map((total) => (total / PROFILED_CALLS).toFixed(1))]);
  return `µs of a request by layer, while profiled\n${table(['layer', ...profiled.map(({ name }) => name)], rows)}`;
}

function sumOf(columns: readonly LayerTimes[], layer: string): number {
  return columns.reduce((sum, times) => sum + (times[layer] ?? 0), 0);
}
