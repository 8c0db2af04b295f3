import { spawn, type ChildProcess } from 'node:child_process';
import { closeSync, openSync, readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { identity, passwordOf, SUPERUSER, type Cluster, type Installation } from './cluster.js';
import { findServer } from './postmaster.js';
import { watchOver } from './watcher.js';

export const HOST = '127.0.0.1';

/** A running PostgreSQL server that ends with the process that started it, however that one ends. */
export interface Database {
  /** Of the server, as its superuser: `postgres://facet:…@127.0.0.1:4000/postgres`. Carries the password. */
  readonly url: string;
  readonly port: number;
  readonly pid: number;
  /** Resolves when the server has ended, with the last line of its log. */
  readonly exited: Promise<string>;
  /** Ends the server and waits for it; safe to call again. */
  stop(): Promise<void>;
}

export interface ServerOptions {
  readonly port: number;
  /** PostgreSQL settings, e.g. `{ fsync: 'off' }`. */
  readonly settings: Readonly<Record<string, string>>;
  /** Whether the cluster's folder goes when the server ends. */
  readonly removeAfterwards?: boolean;
}

export class PortTakenError extends Error {}

const always = {
  listen_addresses: HOST,
  unix_socket_directories: '',
  max_connections: '200',
  // Fewer helper processes: what runs on a developer's machine is small.
  max_logical_replication_workers: '0',
  io_method: 'sync',
};

const STOP_WITHIN_MS = 10_000;

/** Starts a server on the cluster and waits until it takes connections. */
export async function startServer(
  cluster: Cluster,
  { account, binaries }: Installation,
  { port, settings, removeAfterwards = false }: ServerOptions,
): Promise<Database> {
  const log = openSync(cluster.log, 'a');
  const flags = Object.entries({ ...always, ...settings }).flatMap(([name, value]) => [
    '-c',
    `${name}=${value}`,
  ]);
  const child = spawn(binaries.postgres, ['-D', cluster.data, '-p', String(port), ...flags], {
    ...identity(account),
    stdio: ['ignore', log, log],
    // A group of its own: Ctrl-C in a terminal reaches its owner, which lets the services finish first.
    detached: true,
  });
  closeSync(log);
  const exited = new Promise<string>((resolve, reject) => {
    child.once('error', reject).once('exit', () => resolve(lastComplaint(cluster)));
  });
  const pid = await started(child, exited);
  const watcher = watchOver(pid, removeAfterwards ? cluster.folder : undefined);
  void exited.then(() => watcher.release());
  await ready(cluster, { pid, port, exited });
  const url = `postgres://${SUPERUSER}:${passwordOf(cluster)}@${HOST}:${port}/postgres`;
  return { url, port, pid, exited, stop: () => end(child, exited) };
}

async function started(child: ChildProcess, exited: Promise<string>): Promise<number> {
  if (child.pid === undefined) await exited;
  return child.pid ?? 0;
}

interface Starting {
  readonly pid: number;
  readonly port: number;
  readonly exited: Promise<string>;
}

/** PostgreSQL writes into its pid file when it takes connections; pg_ctl waits in the same way. */
async function ready(cluster: Cluster, { pid, port, exited }: Starting): Promise<void> {
  let complaint: string | undefined;
  void exited.then((line) => (complaint = line));
  while (complaint === undefined) {
    const found = findServer(cluster);
    if (found?.pid === pid && found.isReady) return;
    await sleep(5);
  }
  if (complaint.includes('could not create any TCP/IP sockets')) {
    throw new PortTakenError(`Port ${port} of ${HOST} is taken, so PostgreSQL cannot start on it`);
  }
  throw new Error(`PostgreSQL did not start: ${complaint} (its log: ${cluster.log})`);
}

async function end(child: ChildProcess, exited: Promise<string>): Promise<void> {
  // "Fast" first: open transactions are rolled back, data is written. "Immediate" only where that hangs.
  child.kill('SIGINT');
  const impatience = setTimeout(() => child.kill('SIGQUIT'), STOP_WITHIN_MS);
  await exited;
  clearTimeout(impatience);
}

function lastComplaint({ log }: Cluster): string {
  const lines = readFileSync(log, 'utf8').trimEnd().split('\n');
  const line = lines.findLast((text) => /FATAL|PANIC/.test(text)) ?? lines.at(-1) ?? '';
  return line.replace(/^.*?(FATAL|PANIC|LOG):\s*/, '');
}
