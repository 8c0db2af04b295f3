import { startPrometheus, type Prometheus } from '@facet/observability';
import { addressesVariable } from '@facet/dev';
import { eventually, startTestDatabase, startWorld, type World } from '@facet/testing';
import type { Cleanup } from '../experiment.js';
import { Load } from '../load.js';
import { startProxy, type Proxy } from '../proxy.js';
import { OPEN } from '../sites.js';

export const GATEWAY = 'mobile-bff';
/** The other services that the gateway knows are not started: that they cannot be reached is no finding. */
export const SERVICES: readonly string[] = ['catalog', 'inventory', 'recommendations'];

/** By how much the windows of the rules are divided: the hour of the fast alert is 18 s, its five minutes are 1.5 s. */
export const SCALE = 200;

/** What faults are made on: the gateway and its services, ways that can be slowed, and the Prometheus that watches. */
export interface Site {
  readonly world: World;
  readonly home: string;
  /** Between the gateway and inventory. */
  readonly inventory: Proxy;
  /** Between all services and their database. */
  readonly database: Proxy;
  readonly prometheus: Prometheus;
  readonly load: Load;
}

export async function startSite(cleanup: Cleanup): Promise<Site> {
  const databaseServer = cleanup.add(await startTestDatabase());
  const at = new URL(databaseServer.url);
  const database = cleanup.add(await startProxy({ host: at.hostname, port: Number(at.port) }));
  at.port = String(database.port);
  const data = { DATABASE_URL: at.href, DATABASE_PREFIX: databaseServer.prefix, DATABASE_POOL_SIZE: '20' };
  const env = { '*': data, [GATEWAY]: OPEN };
  const world = cleanup.add(await startWorld({ services: SERVICES, gateways: [GATEWAY], env }));
  const far = new URL(`tcp://${world.process('inventory').addresses['tcp'] ?? ''}`);
  const inventory = cleanup.add(await startProxy({ host: far.hostname, port: Number(far.port) }));
  await world.restart(GATEWAY, { [addressesVariable('inventory')]: `127.0.0.1:${inventory.port}` });
  const home = `${world.url(GATEWAY)}/v1/home`;
  const load = cleanup.add(new Load([home], { lanes: 12, pauseMs: 80 }));
  // What a cold gateway does is nobody's fault: counters that begin before Prometheus reads them are no increase.
  await eventually(() => load.replies.length > 200);
  const admins = (apps: readonly string[]) =>
    Object.fromEntries(apps.map((app) => [app, new URL(world.adminUrl(app)).host]));
  const targets = { 'facet-gateways': admins([GATEWAY]), 'facet-services': admins(SERVICES) };
  const prometheus = cleanup.add(await startPrometheus({ targets, scale: SCALE, interval: '250ms' }));
  await eventually(async () => (await prometheus.query('up == 1')).length === SERVICES.length + 1);
  return { world, home, inventory, database, prometheus, load };
}
