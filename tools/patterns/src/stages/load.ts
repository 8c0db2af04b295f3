import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { sourceArguments } from '@facet/dev';
import type { Turn } from '../lane/turn.js';
import type { LoadResult } from '../results.js';
import type { Cpu, Site } from '../site/site.js';
import { frontOf, ways, type ScreenName, type Way } from '../ways.js';
import type { LoadReply, LoadTask } from './load-client.js';
import type { Plan } from './plan.js';

const SCREENS_AT_ONCE = 16;
const WARM_SECONDS = 0.3;
const ROOT = fileURLToPath(new URL('../../../..', import.meta.url));

/** The calls that each screen was seen to make. */
export type Steps = (screen: ScreenName, way: Way) => Turn['steps'];

export interface LoadOptions {
  readonly plan: Plan['load'];
  readonly steps: Steps;
  readonly cached: boolean;
  readonly say: (what: string) => void;
}

/** Screens a second when as many are asked for as there can be, and the CPU that each takes: without TLS and over no network. */
export async function measureLoad(
  site: Site,
  { plan, steps, cached, say }: LoadOptions,
): Promise<readonly LoadResult[]> {
  const client = new LoadClient();
  try {
    await client.isReady;
    const measured = new Map<string, LoadResult>();
    const rounds = cached ? 1 : plan.rounds;
    for (let round = 0; round < rounds; round += 1) {
      for (const screen of plan.screens) {
        // Another one is first in each round.
        for (const way of round % 2 === 0 ? ways : ways.toReversed()) {
          say(`${screen}, ${way}${cached ? ', cached' : ''}`);
          const task = taskOf(site, { screen, way, steps: steps(screen, way) });
          await client.run({ ...task, seconds: WARM_SECONDS });
          const before = site.cpu();
          const reply = await client.run({ ...task, seconds: plan.seconds });
          const cpu = perScreen(before, site.cpu(), reply.screens);
          const key = `${screen} ${way}`;
          measured.set(
            key,
            merged(measured.get(key), {
              screen,
              way,
              cached,
              ...resultOf(reply),
              ...(cpu && { cpuMs: cpu }),
            }),
          );
        }
      }
    }
    return [...measured.values()];
  } finally {
    client.stop();
  }
}

function taskOf(
  site: Site,
  { screen, way, steps }: { screen: ScreenName; way: Way; steps: Turn['steps'] },
): LoadTask {
  const front = frontOf(way, screen);
  return {
    ...{ steps, screensAtOnce: SCREENS_AT_ONCE, seconds: 1 },
    port: site.front.ports[front].plain,
    headers: screen === 'product-page' && way === 'own' ? { accept: 'application/x-ndjson' } : {},
    keys: front === 'partner' || front === 'general' ? site.keys : [],
  };
}

const resultOf = ({ screens, failures, seconds }: LoadReply) => ({
  perSecond: [screens / seconds],
  failures,
});

function perScreen(before: Cpu | undefined, after: Cpu | undefined, screens: number): Cpu | undefined {
  if (before === undefined || after === undefined) return undefined;
  const each = (part: keyof Cpu): number => (after[part] - before[part]) / Math.max(1, screens);
  return {
    front: each('front'),
    gateways: each('gateways'),
    services: each('services'),
    database: each('database'),
  };
}

/** Rounds of the same, one after the other. */
function merged(known: LoadResult | undefined, next: LoadResult): LoadResult {
  if (known === undefined) return next;
  const half = (part: keyof Cpu): number => ((known.cpuMs?.[part] ?? 0) + (next.cpuMs?.[part] ?? 0)) / 2;
  return {
    ...next,
    perSecond: [...known.perSecond, ...next.perSecond],
    failures: known.failures + next.failures,
    ...(next.cpuMs && {
      cpuMs: {
        front: half('front'),
        gateways: half('gateways'),
        services: half('services'),
        database: half('database'),
      },
    }),
  };
}

const running = new Set<ChildProcess>();
process.on('exit', () => {
  for (const child of running) child.kill('SIGKILL');
});

/** The process that makes the load. */
class LoadClient {
  readonly #child: ChildProcess;
  readonly isReady: Promise<unknown>;
  readonly #gone: Promise<never>;

  constructor() {
    const args = sourceArguments('tools/patterns/src/stages/load-client.ts');
    this.#child = fork(args.at(-1) ?? '', { execArgv: args.slice(0, -1), cwd: ROOT });
    running.add(this.#child);
    this.#gone = once(this.#child, 'exit').then(() => {
      throw new Error('the process that makes the load ended');
    });
    this.#gone.catch(() => undefined);
    this.isReady = Promise.race([this.#message(), this.#gone]);
  }

  async run(task: LoadTask): Promise<LoadReply> {
    const reply = this.#message();
    this.#child.send(task);
    return Promise.race([reply, this.#gone]);
  }

  stop(): void {
    running.delete(this.#child);
    this.#child.kill('SIGKILL');
  }

  #message(): Promise<LoadReply> {
    return new Promise((resolve) => this.#child.once('message', resolve as (message: unknown) => void));
  }
}
