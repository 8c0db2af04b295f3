import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import {
  chmodSync,
  chownSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { serverAccount, type Account } from './account.js';
import { findBinaries, type Binaries } from './binaries.js';
import { databaseHome } from './home.js';

/** What is needed to run a server here: found once per process, as it does not change. */
export interface Installation {
  readonly account: Account | undefined;
  readonly binaries: Binaries;
  /** The folder that holds the clusters of this workspace. */
  readonly home: string;
}

/**
 * A database cluster on disk: `data` is PostgreSQL's own folder; beside it the superuser's password and, while
 * a server runs, its log.
 */
export interface Cluster {
  readonly folder: string;
  readonly data: string;
  readonly log: string;
}

export const SUPERUSER = 'facet';

let installation: Installation | undefined;

export function findInstallation(): Installation {
  if (installation === undefined) {
    const account = serverAccount();
    installation = { account, binaries: findBinaries(account), home: databaseHome(account) };
  }
  return installation;
}

export const clusterAt = (folder: string): Cluster => ({
  folder,
  data: join(folder, 'data'),
  log: join(folder, 'server.log'),
});

export const passwordOf = ({ folder }: Cluster): string =>
  readFileSync(join(folder, 'password'), 'utf8').trim();

/** Creates the cluster where there is none; it may be asked for several times at once, by one process or by many. */
export async function ensureCluster(folder: string, { account, binaries }: Installation): Promise<Cluster> {
  if (!existsSync(folder)) {
    mkdirSync(dirname(folder), { recursive: true });
    const unfinished = clusterAt(mkdtempSync(`${folder}.`));
    writeFileSync(join(unfinished.folder, 'password'), `${randomBytes(18).toString('base64url')}\n`, {
      mode: 0o600,
    });
    giveTo(account, unfinished.folder);
    await initialise(unfinished, binaries, account);
    moveIntoPlace(unfinished.folder, folder);
  }
  const cluster = clusterAt(folder);
  refuseForeignVersion(cluster, binaries);
  return cluster;
}

/** A cluster with the same content, password included, in a new folder. */
export function copyCluster(from: Cluster, folder: string, { account }: Installation): Cluster {
  cpSync(from.folder, folder, { recursive: true });
  const copy = clusterAt(folder);
  chmodSync(copy.data, 0o700);
  giveTo(account, folder);
  return copy;
}

/** SQL's defaults are the same on every machine: UTF-8, code-point order, UTC. */
async function initialise(cluster: Cluster, binaries: Binaries, account: Account | undefined): Promise<void> {
  const flags = [
    ...[
      `--pgdata=${cluster.data}`,
      `--username=${SUPERUSER}`,
      `--pwfile=${join(cluster.folder, 'password')}`,
    ],
    ...['--auth=scram-sha-256', '--encoding=UTF8', '--locale=C'],
    ...['--locale-provider=builtin', '--builtin-locale=C.UTF-8', '--set=timezone=UTC'],
    // A megabyte a segment keeps a copy of a fresh cluster small; there is nothing yet that a crash could lose.
    ...['--wal-segsize=1', '--no-sync', '--no-instructions'],
  ];
  const child = spawn(binaries.initdb, flags, { ...identity(account), stdio: ['ignore', 'ignore', 'pipe'] });
  let complaint = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => (complaint += text));
  const code = await new Promise<number | null>((resolve, reject) => {
    child.once('error', reject).once('close', resolve);
  });
  if (code === 0) return;
  rmSync(cluster.folder, { recursive: true, force: true });
  throw new Error(
    `PostgreSQL could not create its data in ${cluster.data}: ${complaint.trim() || `exit ${code}`}`,
  );
}

/** What a process of the server needs from us: its user, and none of our environment's secrets. */
export function identity(account: Account | undefined): {
  env: NodeJS.ProcessEnv;
  uid?: number;
  gid?: number;
} {
  const { PATH, SystemRoot } = process.env;
  return { env: { PATH, SystemRoot, LC_ALL: 'C' }, ...(account && { uid: account.uid, gid: account.gid }) };
}

function moveIntoPlace(unfinished: string, folder: string): void {
  try {
    renameSync(unfinished, folder);
  } catch (error) {
    rmSync(unfinished, { recursive: true, force: true });
    if (!existsSync(folder)) throw error;
  }
}

function refuseForeignVersion({ data }: Cluster, { version }: Binaries): void {
  const written = readFileSync(join(data, 'PG_VERSION'), 'utf8').trim();
  const ours = version.split('.')[0];
  if (written === ours) return;
  throw new Error(
    `${data} was written by PostgreSQL ${written}, this is ${ours}: run npm run db:reset to start afresh`,
  );
}

function giveTo(account: Account | undefined, folder: string): void {
  if (account === undefined) return;
  for (const entry of readdirSync(folder, { recursive: true, encoding: 'utf8' })) {
    chownSync(join(folder, entry), account.uid, account.gid);
  }
  chownSync(folder, account.uid, account.gid);
}
