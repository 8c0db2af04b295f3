import { mkdtempSync, rmSync } from 'node:fs';
import { get, type IncomingMessage } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { FacetSettings } from './gateway/facet-gateway.js';
import type { Goal } from './goals.js';
import type { LoadResult } from './load.js';
import type { Scale } from './scale.js';
import { median, pairedRatios, quantile } from './stats.js';
import { table } from './table.js';
import { WorkerPool, type Worker } from './worker.js';

const TOKEN = 'the-token-of-a-console-in-the-bench';
const IN_FLIGHT = 32;
const WARM_CALLS = 4_000;
/** The share of the gateway's busy time that the console may take while a page is open, and while none is. */
const OPEN_GOAL = 0.02;
const CLOSED_GOAL = 0.002;

/** What runs for the console alone: its own files, and the records that it has read. */
const CONSOLE_FILES = String.raw`/libs/console/|/libs/gateway/src/(?:console|record/read|record/calls|record/headers)\.`;
const PROFILED_CALLS = 30_000;

const racers = ['without', 'closed', 'open'] as const;
type Racer = (typeof racers)[number];

/**
 * One gateway in three ways: without a console, with one that nobody looks at, and with a page that follows the stream. The
 * goals are shares of a CPU profile, as what is looked for is smaller than what two turns differ by; beside them CPU per request,
 * turn by turn, which has in it what a profile does not see: garbage, and the times that services send along.
 */
export async function benchConsole(scale: Scale): Promise<{ report: string; goals: Goal[] }> {
  const logs = mkdtempSync(join(tmpdir(), 'facet-bench-'));
  const workers = new WorkerPool();
  try {
    const service = await workers.start('service', './gateway/facet-services.ts');
    const port = await service.ask<number>('port');
    const start = (name: Racer) => {
      const settings: FacetSettings = {
        ...{ ports: [port], cache: false },
        ...(name === 'without' ? {} : { console: TOKEN }),
      };
      return workers.start(
        name,
        './gateway/facet-gateway.ts',
        [JSON.stringify(settings)],
        join(logs, `${name}.log`),
      );
    };
    const gateways = {
      without: await start('without'),
      closed: await start('closed'),
      open: await start('open'),
    };
    const client = await workers.start('client', './gateway/client.ts');
    const stream = await look(await gateways.open.ask<string>('admin'));
    const turns = await takeTurns(gateways, client, scale);
    const shares = {
      closed: await shareOf(gateways.closed, client, scale),
      open: await shareOf(gateways.open, client, scale),
    };
    stream.destroy();
    return reportOf(turns, shares);
  } finally {
    await workers[Symbol.asyncDispose]();
    rmSync(logs, { recursive: true, force: true });
  }
}

/** Follows the stream as a page does. */
async function look(admin: string): Promise<IncomingMessage> {
  const headers = { authorization: `Bearer ${TOKEN}` };
  const response = await new Promise<IncomingMessage>((resolve, reject) => {
    get(`${admin}/console/api/live`, { headers }, resolve).on('error', reject);
  });
  if (response.statusCode !== 200) throw new Error(`the console answered ${String(response.statusCode)}`);
  return response.on('error', () => undefined).resume();
}

type Turns = Readonly<Record<Racer, readonly number[]>>;

async function takeTurns(
  gateways: Readonly<Record<Racer, Worker>>,
  client: Worker,
  scale: Scale,
): Promise<Turns> {
  const turns: Record<Racer, number[]> = { without: [], closed: [], open: [] };
  const turn = async (racer: Racer, calls: number) => {
    const gateway = gateways[racer];
    const url = `${await gateway.ask<string>('url')}/cut/1`;
    const before = await gateway.ask<number>('cpu');
    const { perSecond } = await client.ask<LoadResult>('load', { url, inFlight: IN_FLIGHT, calls });
    return { perSecond, micros: ((await gateway.ask<number>('cpu')) - before) / calls };
  };
  for (const racer of racers) await turn(racer, Math.round(WARM_CALLS * scale.warmth));
  const { perSecond } = await turn('without', 500);
  const calls = Math.max(4 * IN_FLIGHT, Math.round(perSecond * scale.turnSeconds));
  for (let round = 0; round < scale.rounds; round += 1) {
    for (let place = 0; place < racers.length; place += 1) {
      const racer = racers[(place + round) % racers.length] ?? 'without';
      turns[racer].push((await turn(racer, calls)).micros);
    }
  }
  return turns;
}

/** The console's share of a gateway's busy time under load. */
async function shareOf(gateway: Worker, client: Worker, { warmth }: Scale): Promise<number> {
  const url = `${await gateway.ask<string>('url')}/cut/1`;
  await gateway.ask('beginProfile');
  await client.ask<LoadResult>('load', {
    url,
    inFlight: IN_FLIGHT,
    calls: Math.round(PROFILED_CALLS * warmth),
  });
  return gateway.ask<number>('endProfileBelow', CONSOLE_FILES);
}

type Shares = Readonly<Record<'closed' | 'open', number>>;

function reportOf(turns: Turns, shares: Shares): { report: string; goals: Goal[] } {
  const ratios = (racer: Racer) => pairedRatios([...turns[racer]], [...turns.without]);
  const rows = racers.map((racer) => [
    racer,
    racer === 'without' ? '' : `${(shares[racer] * 100).toFixed(2)}%`,
    median([...turns[racer]]).toFixed(0),
    median(ratios(racer)).toFixed(3),
    `${quantile(ratios(racer), 0.25).toFixed(3)}–${quantile(ratios(racer), 0.75).toFixed(3)}`,
  ]);
  const goal = (racer: 'closed' | 'open', bound: number): Goal => ({
    ...{ name: `console ${racer}: share of CPU, %`, seen: shares[racer] * 100, bound: bound * 100 },
    direction: 'at most',
  });
  return {
    report: table(['console', 'its share', 'CPU µs', '×', 'q25–q75'], rows),
    goals: [goal('closed', CLOSED_GOAL), goal('open', OPEN_GOAL)],
  };
}
