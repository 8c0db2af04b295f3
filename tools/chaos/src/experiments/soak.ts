import { request } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import type { World } from '@facet/testing';
import { experiment, type Experiment } from '../experiment.js';
import { failed, Load, tally } from '../load.js';
import { screensOf, SHOP, startShop } from '../sites.js';

const SAMPLES = 120;
/** Of the first level: what a heap may differ by that is collected when the engine finds it worth it. */
const TOLERATED = { heapShare: 1.15, heapBytes: 8_000_000, descriptors: 20 };

/** Load with clients that leave early, for so many minutes: not one of the default run. */
export function soakFor(minutes: number): Experiment {
  return experiment(
    {
      name: 'soak',
      promise: `${minutes} minutes under load, with clients that leave: heap and descriptors level in every process, nothing pending afterwards`,
    },
    async (cleanup) => {
      const world = await startShop(cleanup, { TRUSTED_PROXIES: '127.0.0.0/8' });
      const load = cleanup.add(new Load(screensOf(world), { lanes: 4, pauseMs: 20 }));
      const leavers = cleanup.add(new Leavers(screensOf(world)));
      const watched = new Map(['mobile-bff', ...SHOP].map((app) => [app, [] as Sample[]]));
      for (let taken = 0; taken < SAMPLES; taken += 1) {
        await sleep((minutes * 60_000) / SAMPLES);
        for (const [app, samples] of watched) samples.push(await sampleOf(world, app));
      }
      await load.stop();
      leavers.stop();
      const pending = await pendingAfter(world);
      const levels = [...watched].map(([app, samples]) => ({ app, ...levelsOf(samples) }));
      const shown = levels.map(({ app, before, after }) => `${app} ${show(before)} to ${show(after)}`);
      return {
        seen: `${tally(load.replies)}, ${leavers.left.toLocaleString('en')} left; ${shown.join('; ')}; ${pending} pending`,
        held: failed(load.replies).length === 0 && pending === 0 && levels.every(isLevel),
      };
    },
  );
}

interface Sample {
  readonly heap: number;
  readonly descriptors: number;
}

async function metricsOf(world: World, app: string): Promise<(name: string) => number> {
  const text = await (await fetch(`${world.adminUrl(app)}/metrics`)).text();
  return (name) => {
    const values = text.matchAll(new RegExp(`^${name}(?:\\{[^}]*\\})? (\\S+)$`, 'gm'));
    return [...values].reduce((sum, [, value]) => sum + Number(value), 0);
  };
}

async function sampleOf(world: World, app: string): Promise<Sample> {
  const metric = await metricsOf(world, app);
  return { heap: metric('nodejs_heap_size_used_bytes'), descriptors: metric('process_open_fds') };
}

/** What is live is the least that was seen; a quarter after the start all is warm. */
function levelsOf(samples: readonly Sample[]): { before: Sample; after: Sample } {
  const level = (part: readonly Sample[]): Sample => ({
    heap: Math.min(...part.map(({ heap }) => heap)),
    descriptors: Math.max(...part.map(({ descriptors }) => descriptors)),
  });
  const quarter = samples.length / 4;
  return { before: level(samples.slice(quarter, 2 * quarter)), after: level(samples.slice(3 * quarter)) };
}

const isLevel = ({ before, after }: { before: Sample; after: Sample }): boolean =>
  after.heap <= before.heap * TOLERATED.heapShare + TOLERATED.heapBytes &&
  after.descriptors <= before.descriptors + TOLERATED.descriptors;

const show = ({ heap, descriptors }: Sample): string =>
  `${(heap / 1_000_000).toFixed(1)} MB/${descriptors} fds`;

/** What the gateway still waits for once nobody asks any more: within the longest deadline it must be nothing. */
async function pendingAfter(world: World): Promise<number> {
  for (let tries = 0; ; tries += 1) {
    const pending = (await metricsOf(world, 'mobile-bff'))('facet_upstream_pending_requests');
    if (pending === 0 || tries === 10) return pending;
    await sleep(1_000);
  }
}

/** Clients that do not wait for their answers. */
class Leavers {
  readonly #timer: NodeJS.Timeout;
  left = 0;

  constructor(urls: readonly string[]) {
    this.#timer = setInterval(() => {
      const asked = request(urls[this.left % urls.length] ?? '', { agent: false }).on(
        'error',
        () => undefined,
      );
      asked.end();
      setTimeout(() => {
        asked.destroy();
        this.left += 1;
      }, 20 * Math.random());
    }, 100);
  }

  stop(): void {
    clearInterval(this.#timer);
  }
}
