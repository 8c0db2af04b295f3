import { Lane, type LaneOptions } from '../lane/lanes.js';
import type { Turn } from '../lane/turn.js';
import { distance } from '../network/networks.js';
import { chainLengths } from '../clients/chain.js';
import type { AgainResult, CellResult, ChainResult, TurnResult } from '../results.js';
import { threeScreens, ways, type ScreenName, type Way } from '../ways.js';
import type { LanePlan, Plan } from './plan.js';

/** What every lane of a run has. */
export type Base = Omit<LaneOptions, 'network' | 'modelled'>;

/** For the client that comes back: longer than stock holds, and shorter than a product does. */
export const LATER_MS = 30_000;

export const withoutSteps = ({ steps: _, ...turn }: Turn): TurnResult => turn;

export interface Wave {
  readonly cells: readonly CellResult[];
  /** The calls that each screen made, by screen and way. */
  readonly steps: ReadonlyMap<string, Turn['steps']>;
}

/** Measures screens on several networks at once. */
export async function measureWave(base: Base, plans: readonly LanePlan[], onCell: () => void): Promise<Wave> {
  const steps = new Map<string, Turn['steps']>();
  const all = await Promise.all(
    plans.map((plan) =>
      onLane({ ...base, ...laneOf(plan) }, async (lane) => {
        const found = plan.cells.map(() => [] as TurnResult[]);
        // In two rounds, so that a machine that slows down slows every way.
        for (const turns of [Math.ceil(plan.turns / 2), Math.floor(plan.turns / 2)]) {
          for (const [index, cell] of plan.cells.entries()) {
            if (turns > 0) {
              const seen = await lane.run({ kind: 'cell', cell, turns });
              found[index]?.push(...seen.map(withoutSteps));
              steps.set(`${cell.screen} ${cell.way}`, seen[0]?.steps ?? []);
            }
            onCell();
          }
        }
        const { network, modelled = false } = plan;
        return plan.cells.map((cell, index) => ({ ...cell, network, modelled, turns: found[index] ?? [] }));
      }),
    ),
  );
  return { cells: all.flat(), steps };
}

const laneOf = ({ network, modelled = false }: LanePlan) => ({ network, modelled });

/** A client for as long as `use` takes. */
export async function onLane<T>(options: LaneOptions, use: (lane: Lane) => Promise<T>): Promise<T> {
  const lane = await Lane.start(options);
  try {
    return await use(lane);
  } finally {
    await lane.stop();
  }
}

/** Calls in a row, from the client and behind a gateway, over round trips of several lengths. */
export async function measureMap(
  base: Base,
  { rttsMs, turns }: Plan['map'],
): Promise<readonly ChainResult[]> {
  const all = await Promise.all(
    rttsMs.map((rttMs) =>
      onLane({ ...base, network: distance(rttMs) }, async (lane) => {
        const found: ChainResult[] = [];
        for (const length of chainLengths) {
          for (const way of ['direct', 'general'] as const) {
            const seen = await lane.run({ kind: 'chain', length, way, turns });
            found.push({ rttMs, length, way, turns: seen.map(withoutSteps) });
          }
        }
        return found;
      }),
    ),
  );
  return all.flat();
}

/** The same screens again, by a client that has them in its cache, once stock has to be asked for anew. */
export async function measureAgain(lane: Lane, { turns }: Plan['again']): Promise<readonly AgainResult[]> {
  const found: AgainResult[] = [];
  for (const screen of threeScreens) {
    for (const way of ways) found.push(await again(lane, { screen, way, turns }));
  }
  return found;
}

async function again(
  lane: Lane,
  { screen, way, turns }: { screen: ScreenName; way: Way; turns: number },
): Promise<AgainResult> {
  const seen = await lane.run({ kind: 'again', screen, way, laterMs: LATER_MS, turns });
  return { screen, way, laterMs: LATER_MS, turns: seen.map(withoutSteps) };
}
