import { existsSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import {
  clusterAt,
  ensureCluster,
  findInstallation,
  passwordOf,
  SUPERUSER,
  type Cluster,
} from './cluster.js';
import { findServer, isAlive, readIfThere, type RunningServer } from './postmaster.js';
import { HOST, PortTakenError, startServer, type Database } from './server.js';

export interface DatabaseOptions {
  /** Default: `DATABASE_PORT`, else 4000. */
  readonly port?: number;
}

/** Data outlives the machine's crash; the last moments before one may be lost, which development can bear. */
const settings = { synchronous_commit: 'off' };

/** How long a server whose owner has just gone is given to end. */
const GRACE_MS = 12_000;
/** How long a server is waited for whose owner is alive: it may be stopping, its apps first and its database last. */
const STOPPING_MS = 4_000;

/**
 * Starts the workspace's own PostgreSQL: created on first use, kept under `.facet` from then on. There is one
 * at a time; throws where it runs already or its port is taken.
 */
export async function startDatabase({ port = configuredPort() }: DatabaseOptions = {}): Promise<Database> {
  const installation = findInstallation();
  await makeWay(developmentCluster());
  const cluster = await ensureCluster(developmentCluster().folder, installation);
  rmSync(cluster.log, { force: true });
  rmSync(ownerFile(cluster), { force: true });
  const database = await startServer(cluster, installation, { port, settings }).catch((error: unknown) => {
    const running = findServer(cluster);
    if (running !== undefined) throw new Error(runsAlready(cluster, running), { cause: error });
    if (!(error instanceof PortTakenError)) throw error;
    throw new Error(
      `${error.message}: set DATABASE_PORT to a free one, or DATABASE_URL to a server of your own`,
    );
  });
  writeFileSync(ownerFile(cluster), String(process.pid));
  return database;
}

/** The url of the workspace's own PostgreSQL where one is running, started by whichever process. */
export function findDatabase(): string | undefined {
  const cluster = developmentCluster();
  const server = findServer(cluster);
  if (server?.isReady !== true) return undefined;
  return `postgres://${SUPERUSER}:${passwordOf(cluster)}@${HOST}:${server.port}/postgres`;
}

/** Forgets everything the workspace's own PostgreSQL holds; throws while it runs. Returns what was removed, if there was anything. */
export function resetDatabase(): string | undefined {
  const cluster = developmentCluster();
  const running = findServer(cluster);
  if (running !== undefined) throw new Error(runsAlready(cluster, running));
  if (!existsSync(cluster.folder)) return undefined;
  rmSync(cluster.folder, { recursive: true, force: true });
  return cluster.folder;
}

const developmentCluster = (): Cluster => clusterAt(join(findInstallation().home, 'postgres'));

const ownerFile = ({ folder }: Cluster): string => join(folder, 'owner.pid');

const ownerOf = (cluster: Cluster): number => Number(readIfThere(ownerFile(cluster)) ?? 0);

/**
 * A server whose owner is gone is about to be ended by its watcher; if that was killed as well, by us. One
 * whose owner has not signed yet has only just started.
 */
async function makeWay(cluster: Cluster): Promise<void> {
  const startedAt = Date.now();
  let isEnding = false;
  for (let running = findServer(cluster); running !== undefined; running = findServer(cluster)) {
    const owner = ownerOf(cluster);
    const isOwned = owner > 0 && isAlive(owner);
    if (Date.now() - startedAt > (isOwned ? STOPPING_MS : GRACE_MS))
      throw new Error(runsAlready(cluster, running));
    if (owner > 0 && !isOwned && !isEnding) isEnding = process.kill(running.pid, 'SIGINT');
    await sleep(50);
  }
}

function runsAlready(cluster: Cluster, { pid, port }: RunningServer): string {
  const owner = ownerOf(cluster);
  const by = owner > 0 && isAlive(owner) ? `, started by process ${owner}` : '';
  return `The workspace's PostgreSQL runs already (process ${pid}, port ${port}${by}): stop what started it first`;
}

function configuredPort(): number {
  const text = process.env['DATABASE_PORT'] ?? '4000';
  const port = Number(text);
  if (Number.isInteger(port) && port > 0 && port < 65_536) return port;
  throw new Error(`DATABASE_PORT is "${text}", expected a port number from 1 to 65535`);
}
