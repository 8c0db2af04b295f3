import { setTimeout as sleep } from 'node:timers/promises';
import type { Env, World } from '@facet/testing';
import { experiment, type Cleanup } from '../experiment.js';
import { failed, Load, tally, type Reply } from '../load.js';
import { OPEN, placeOf, screensAt, SHOP, startInstance, startShop } from '../sites.js';

const ROUNDS = 3;
/** How long a balancer in front takes to see that an instance is not ready. */
const DRAIN_DELAY_MS = 500;
/** Steady, and leaves the machine room for the processes that start: what is asked is whether any is lost, not how many it bears. */
const LOAD = { lanes: 2, pauseMs: 50 };

export const rollingRestart = experiment(
  {
    name: 'rolling-restart',
    promise: `every instance of gateway and services is restarted in turn, ${ROUNDS} rounds: nothing but 2xx, no reset`,
  },
  async (cleanup) => {
    const world = await startShop(cleanup, OPEN);
    const twins = new Map<string, Twin>();
    for (const app of SHOP) twins.set(app, await startTwin(cleanup, world, app));
    const env = { ...OPEN, ...placesOf(world, twins), DRAIN_DELAY_MS: String(DRAIN_DELAY_MS) };
    await world.restart('mobile-bff', env);
    const other = await startTwin(cleanup, world, 'mobile-bff', env);
    const balanced = cleanup.add(new Balanced([world.url('mobile-bff'), other.url()].map(screensAt)));
    await sleep(1_000);
    for (let round = 0; round < ROUNDS; round += 1) {
      for (const [app, twin] of twins) {
        await world.restart(app);
        await twin.restart();
      }
      await balanced.without(0, () => world.restart('mobile-bff', env));
      await balanced.without(1, () => other.restart());
    }
    const replies = await balanced.end();
    return { seen: tally(replies), held: replies.length > 100 && failed(replies).length === 0 };
  },
);

/** A second instance of an app, which keeps its ports. */
interface Twin {
  readonly place: () => string;
  readonly url: () => string;
  readonly restart: () => Promise<void>;
}

async function startTwin(cleanup: Cleanup, world: World, app: string, env: Env = {}): Promise<Twin> {
  let process = await startInstance(cleanup, world, app, env);
  const { addresses } = process;
  const ports = {
    PORT: portOf(addresses['http'] ?? addresses['tcp']),
    ADMIN_PORT: portOf(addresses['admin']),
  };
  return {
    place: () => placeOf(process),
    url: () => process.addresses['http'] ?? '',
    async restart() {
      await process.stop();
      process = await startInstance(cleanup, world, app, { ...env, ...ports });
    },
  };
}

const portOf = (address = ''): string => address.slice(address.lastIndexOf(':') + 1);

function placesOf(world: World, twins: ReadonlyMap<string, Twin>): Env {
  return Object.fromEntries(
    [...twins].map(([app, twin]) => [
      `${app.toUpperCase()}_ADDRESSES`,
      `${placeOf(world.process(app))},${twin.place()}`,
    ]),
  );
}

/** A balancer as the ones in front of gateways are: it takes an instance out once that says that it is not ready. */
class Balanced {
  #loads: Load[];
  readonly #done: Load[] = [];

  constructor(private readonly urls: readonly (readonly string[])[]) {
    this.#loads = urls.map((each) => new Load(each, LOAD));
  }

  /** Asks an instance for as long as it may be asked, and again once it is back. */
  async without(index: number, restart: () => Promise<unknown>): Promise<void> {
    const [load] = this.#loads.splice(index, 1);
    const restarted = restart();
    // Until the balancer has noticed, requests still come: the drain delay is there for them.
    await sleep(DRAIN_DELAY_MS / 2);
    await load?.stop();
    if (load !== undefined) this.#done.push(load);
    await restarted;
    this.#loads.splice(index, 0, new Load(this.urls[index] ?? [], LOAD));
  }

  async end(): Promise<readonly Reply[]> {
    await this.stop();
    return [...this.#done, ...this.#loads].flatMap(({ replies }) => replies);
  }

  async stop(): Promise<void> {
    await Promise.all(this.#loads.map((load) => load.stop()));
  }
}
