import { cpus, release, type as systemName } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import { isIsolated } from './network/isolate.js';
import { networks } from './network/networks.js';
import type { CellResult, LoadResult, Results } from './results.js';
import { startSite, type Site } from './site/site.js';
import { measureFaults } from './stages/faults.js';
import { measureAgain, measureMap, measureWave, onLane, type Base, type Wave } from './stages/latency.js';
import { measureLoad, type Steps } from './stages/load.js';
import { calibration, type Plan } from './stages/plan.js';
import type { ScreenName, Way } from './ways.js';

export interface RunOptions {
  readonly plan: Plan;
  readonly congestion: string | undefined;
  readonly network: Results['network'];
  /** Is told what goes on. */
  readonly say: (what: string) => void;
}

/** Starts everything, measures in turn, and ends what it started. */
export async function runAll({ plan, congestion, network, say }: RunOptions): Promise<Results> {
  const started = performance.now();
  say('starting services, gateways and the load balancer');
  const site = await startSite();
  try {
    const base: Base = { ports: tlsPorts(site), tls: site.tls, keys: site.keys, congestion };
    const waves = await measureWaves(base, plan, say);
    const cells = waves.flatMap((wave) => wave.cells);
    refuseDifferences(cells);
    const steps: Steps = (screen, way) =>
      waves.map((wave) => wave.steps.get(`${screen} ${way}`)).find((each) => each !== undefined) ?? [];
    say('map: calls in a row');
    const map = await measureMap(base, plan.map);
    const whole = (screen: ScreenName): string => wholeOf(cells, screen);
    const { again, faults } = await onLane({ ...base, network: networks['4g'] }, async (lane) => {
      say('the same screens again, from a cache');
      const again = await measureAgain(lane, plan.again);
      return {
        again,
        faults: await measureFaults(site, lane, {
          plan: plan.faults,
          whole,
          say: (what) => say(`faults: ${what}`),
        }),
      };
    });
    const load = await measureAllLoad(site, { plan, steps, say });
    return {
      ...{ at: new Date().toISOString(), plan: plan.name, network, front: site.front.what },
      machine: { cpus: cpus().length, node: process.version, system: `${systemName()} ${release()}` },
      tookSeconds: Math.round((performance.now() - started) / 1_000),
      ...{ cells, again, map, faults, load },
    };
  } finally {
    say('ending what was started');
    await site.stop();
  }
}

async function measureWaves(base: Base, plan: Plan, say: (what: string) => void): Promise<readonly Wave[]> {
  // Where there are packets, the model has to show how near it comes.
  const beside = plan.name === 'full' && isIsolated ? calibration : [];
  const waves = plan.waves.map((lanes, index) =>
    index === plan.waves.length - 1 ? [...lanes, ...beside] : lanes,
  );
  const total = waves.flat().reduce((sum, { cells }) => sum + cells.length * 2, 0);
  let done = 0;
  const measured: Wave[] = [];
  for (const lanes of waves) {
    const onCell = (): void => {
      done += 1;
      say(`screens: ${Math.floor((done / total) * 100)}%`);
    };
    measured.push(await measureWave(base, lanes, onCell));
  }
  return measured;
}

async function measureAllLoad(
  site: Site,
  { plan, steps, say }: { plan: Plan; steps: Steps; say: (what: string) => void },
): Promise<readonly LoadResult[]> {
  // Breakers that a fault has opened close again.
  await sleep(plan.name === 'full' ? 3_000 : 1_000);
  const common = { plan: plan.load, steps, say: (what: string) => say(`load: ${what}`) };
  const load = await measureLoad(site, { ...common, cached: false });
  if (!plan.load.cached) return load;
  say('load: starting the gateways with their cache');
  await site.cache(true);
  return [...load, ...(await measureLoad(site, { ...common, cached: true }))];
}

function tlsPorts(site: Site): Base['ports'] {
  const ports = Object.entries(site.front.ports).map(([front, { tls }]) => [front, tls]);
  return Object.fromEntries(ports) as Base['ports'];
}

/** What a screen shows in most of its turns. */
function wholeOf(cells: readonly CellResult[], screen: ScreenName): string {
  const counts = new Map<string, number>();
  for (const cell of cells.filter((each) => each.screen === screen)) {
    for (const { shown } of cell.turns) counts.set(shown, (counts.get(shown) ?? 0) + 1);
  }
  return [...counts].sort(([, a], [, b]) => b - a)[0]?.[0] ?? '';
}

/** Ways that do not show the same cannot be compared. */
function refuseDifferences(cells: readonly CellResult[]): void {
  for (const screen of new Set(cells.map((cell) => cell.screen))) {
    const whole = wholeOf(cells, screen);
    for (const way of new Set(cells.map((cell) => cell.way))) {
      const turns = cells
        .filter((cell) => cell.screen === screen && cell.way === way)
        .flatMap((cell) => cell.turns);
      const same = turns.filter(({ shown }) => shown === whole).length;
      if (same * 2 < turns.length)
        throw new Error(`${screen}: ${describe(way)} shows something else than the others`);
    }
  }
}

const describe = (way: Way): string => (way === 'own' ? 'a gateway per client' : way);
