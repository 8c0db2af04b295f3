import { setTimeout as sleep } from 'node:timers/promises';
import type { Lane } from '../lane/lanes.js';
import type { FaultResult } from '../results.js';
import type { Site } from '../site/site.js';
import { threeScreens, ways, type ScreenName, type Way } from '../ways.js';
import { withoutSteps } from './latency.js';
import type { FaultKind, Plan } from './plan.js';

/** All three screens show stock. */
export const BROKEN = 'inventory';
export const SLOW_MS = 1_000;
/** How long the load balancer takes to see that a service is gone. */
const NOTICED_MS = 1_000;

export interface FaultOptions {
  readonly plan: Plan['faults'];
  /** What a whole screen shows. */
  readonly whole: (screen: ScreenName, way: Way) => string;
  readonly say: (what: string) => void;
}

/** What the screens do while one service is slow, hangs, or is gone; all of them at once, as users come. */
export async function measureFaults(
  site: Site,
  lane: Lane,
  { plan, whole, say }: FaultOptions,
): Promise<readonly FaultResult[]> {
  const found: FaultResult[] = [];
  for (const fault of plan.kinds) {
    say(`${BROKEN} ${fault}`);
    await begin[fault](site);
    const asked = threeScreens.flatMap((screen) =>
      ways.map(async (way) => {
        const cell = { screen, way, protocol: 'h2', warm: false } as const;
        const turns = await lane.run({ kind: 'cell', cell, turns: plan.turns });
        const isWhole = turns.map(({ shown }) => shown === whole(screen, way));
        return { fault, screen, way, isWhole, turns: turns.map(withoutSteps) };
      }),
    );
    found.push(...(await Promise.all(asked)));
    await end[fault](site);
  }
  return found;
}

const begin: Readonly<Record<FaultKind, (site: Site) => Promise<unknown>>> = {
  slow: (site) => site.slow(BROKEN, SLOW_MS),
  hung: (site) => Promise.resolve(site.hang(BROKEN)),
  dead: async (site) => {
    await site.kill(BROKEN);
    await sleep(NOTICED_MS);
  },
};

const end: Readonly<Record<FaultKind, (site: Site) => Promise<unknown>>> = {
  slow: (site) => site.slow(BROKEN, 0),
  hung: (site) => Promise.resolve(site.resume(BROKEN)),
  dead: (site) => site.revive(BROKEN),
};
