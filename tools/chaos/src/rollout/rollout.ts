import { setTimeout as sleep } from 'node:timers/promises';
import type { App } from '@facet/dev';
import { Cleanup } from '../experiment.js';
import { quantile } from '../load.js';
import { Books } from './books.js';
import { CUSTOMERS, signInAll, trust } from './clients.js';
import { Fleet } from './fleet.js';
import { Traffic, type Sample } from './traffic.js';

/** How much of it is done. */
export interface Extent {
  /** The services that have two instances, and are replaced; the others have one. All where absent. */
  readonly services?: readonly string[];
  /** Whether instances of different apps are replaced at the same time; never both of one app. */
  readonly atOnce: boolean;
  /** For how long the load runs before anything is done, in milliseconds. */
  readonly beforeMs: number;
  readonly pauseMs: { readonly read: number; readonly buy: number; readonly stream: number };
}

/** All of it: about half a hundred requests a second, every instance on its own. */
export const WHOLE: Extent = {
  atOnce: false,
  beforeMs: 15_000,
  pauseMs: { read: 100, buy: 500, stream: 200 },
};

/** Each kind of service once: Nest TCP that is read, Nest TCP that is written to, HTTP. */
export const SHORT: Extent = {
  services: ['catalog', 'orders', 'reviews'],
  atOnce: true,
  beforeMs: 4_000,
  pauseMs: { read: 150, buy: 700, stream: 300 },
};

/** A row of the table. */
export interface Row {
  readonly phase: string;
  readonly isPlanned: boolean;
  readonly requests: number;
  readonly failed: number;
  /** What failed, by status and code. */
  readonly failures: Readonly<Record<string, number>>;
  readonly doubled: number;
  readonly resumed: number;
  readonly p99Before: number;
  readonly p99: number;
}

interface Phase {
  readonly name: string;
  /** Of a deployment: nothing may fail. A crash may fail what was under way. */
  readonly isPlanned: boolean;
  readonly run: (fleet: Fleet) => Promise<unknown>;
}

/** The version of the wire before this one: the handshake without what was added to it since. */
const PREVIOUS_WIRE = { WIRE_ABILITIES: 'none' };

/**
 * Starts a site, puts load on it, and replaces, kills and fails over what it consists of; tells of each phase as it ends.
 *
 * @throws Error where the site does not start, or an order that was answered is not there
 */
export async function rollout(extent: Extent, tell: (row: Row) => void): Promise<readonly Row[]> {
  const cleanup = new Cleanup();
  try {
    const isDoubled = ({ kind, name }: App) =>
      kind === 'gateway' || (extent.services ?? [name]).includes(name);
    const fleet = await Fleet.start(cleanup, { instancesOf: (app) => (isDoubled(app) ? 2 : 1) });
    trust(fleet.site);
    const clients = await signInAll(fleet.site);
    const books = cleanup.add(new Books(fleet.database, CUSTOMERS));
    const traffic = cleanup.add(new Traffic(clients, extent));
    await sleep(extent.beforeMs);
    const before = quantile(traffic.samples, 0.99);
    const rows: Row[] = [];
    for (const phase of phasesOf(extent)) {
      const row = await during(phase, { fleet, traffic, books, before });
      rows.push(row);
      tell(row);
    }
    await traffic.stop();
    return rows;
  } finally {
    await cleanup.run();
  }
}

interface Running {
  readonly fleet: Fleet;
  readonly traffic: Traffic;
  readonly books: Books;
  readonly before: number;
}

/** Runs a phase, and says what the load has seen of it. */
async function during(phase: Phase, { fleet, traffic, books, before }: Running): Promise<Row> {
  const [from, resumed] = [traffic.samples.length, traffic.resumed];
  const { mark, orders } = await traffic.betweenPurchases(async () => ({
    mark: await books.mark(),
    orders: traffic.orders.length,
  }));
  await phase.run(fleet);
  await steady(traffic);
  const doubled = await traffic.betweenPurchases(() => books.beyond(mark, traffic.orders.slice(orders)));
  const samples = traffic.samples.slice(from);
  return {
    ...{ phase: phase.name, isPlanned: phase.isPlanned, requests: samples.length },
    ...{ failed: samples.filter(isFailed).length, failures: tallyOf(samples), doubled },
    resumed: traffic.resumed - resumed,
    ...{
      p99Before: before,
      p99: quantile(
        samples.filter((each) => !isFailed(each)),
        0.99,
      ),
    },
  };
}

const STEADY = 30;
const STEADY_WITHIN_MS = 120_000;

/** Until so many requests in a row have gone well. */
async function steady({ samples }: Traffic): Promise<void> {
  const from = samples.length;
  const until = performance.now() + STEADY_WITHIN_MS;
  const isSteady = () => samples.length >= from + STEADY && !samples.slice(-STEADY).some(isFailed);
  while (!isSteady() && performance.now() < until) await sleep(50);
}

const isFailed = ({ failure }: Sample): boolean => failure !== undefined;

function tallyOf(samples: readonly Sample[]): Readonly<Record<string, number>> {
  const counts: Record<string, number> = {};
  for (const { failure } of samples) if (failure !== undefined) counts[failure] = (counts[failure] ?? 0) + 1;
  return counts;
}

function phasesOf(extent: Extent): readonly Phase[] {
  const isReplaced = (instance: string) =>
    (extent.services ?? [instance]).some((name) => instance.startsWith(name));
  const services = (fleet: Fleet) => fleet.instances('service').filter(isReplaced);
  const gateways = (fleet: Fleet) => fleet.instances('gateway');
  const replace = (fleet: Fleet, instances: readonly string[]) =>
    inTurns(instances, extent.atOnce, (name) => fleet.replace(name));
  const wire = (env: Record<string, string>) => async (fleet: Fleet) => {
    fleet.use(env);
    // Both orders are met on the way: gateways that are ahead of services, and services that are ahead of gateways.
    await replace(
      fleet,
      'WIRE_ABILITIES' in env
        ? [...services(fleet), ...gateways(fleet)]
        : [...gateways(fleet), ...services(fleet)],
    );
  };
  const killFirst = async (fleet: Fleet, instances: readonly string[]) => {
    const first = instances.filter((name) => name.endsWith('-1'));
    await inTurns(first, extent.atOnce, async (name) => {
      await fleet.kill(name);
      await fleet.start(name);
    });
  };
  return [
    { name: 'replace gateways', isPlanned: true, run: (fleet) => replace(fleet, gateways(fleet)) },
    { name: 'replace services', isPlanned: true, run: (fleet) => replace(fleet, services(fleet)) },
    { name: 'previous wire', isPlanned: true, run: wire(PREVIOUS_WIRE) },
    { name: 'this wire again', isPlanned: true, run: wire({}) },
    { name: 'kill gateways', isPlanned: false, run: (fleet) => killFirst(fleet, gateways(fleet)) },
    { name: 'kill services', isPlanned: false, run: (fleet) => killFirst(fleet, services(fleet)) },
    { name: 'Redis fails over', isPlanned: false, run: (fleet) => fleet.redis.failOver() },
  ];
}

/** One after the other, or the first instance of each app together, then the second. */
async function inTurns(
  instances: readonly string[],
  atOnce: boolean,
  work: (instance: string) => Promise<unknown>,
): Promise<void> {
  if (!atOnce) for (const instance of instances) await work(instance);
  else
    for (const ordinal of ['-1', '-2'])
      await Promise.all(instances.filter((instance) => instance.endsWith(ordinal)).map(work));
}
