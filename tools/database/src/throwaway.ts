import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { join } from 'node:path';
import { randomBytes } from 'node:crypto';
import pg from 'pg';
import { copyCluster, ensureCluster, findInstallation } from './cluster.js';
import { HOST, PortTakenError, startServer } from './server.js';

/** A PostgreSQL server to put databases on, all of which are gone after `stop`. */
export interface TestDatabase {
  /** Of the server: what services read from `DATABASE_URL`. */
  readonly url: string;
  /** How the names of this test's databases begin: what services read from `DATABASE_PREFIX`. */
  readonly prefix: string;
  stop(): Promise<void>;
}

/** Nothing here has to survive, so nothing waits for the disk. */
const settings = { fsync: 'off', synchronous_commit: 'off', full_page_writes: 'off', shared_buffers: '32MB' };

/**
 * A server for one test file: with `DATABASE_URL` that one, where the test's databases have a prefix of their
 * own and are dropped afterwards; otherwise a server of its own, copied from a fresh one that is kept.
 */
export async function startTestDatabase(): Promise<TestDatabase> {
  const url = process.env['DATABASE_URL'];
  return url === undefined || url === '' ? ownServer() : borrowedServer(url);
}

async function ownServer(): Promise<TestDatabase> {
  const installation = findInstallation();
  const { home, binaries } = installation;
  const template = await ensureCluster(join(home, `fresh-${binaries.version}`), installation);
  const folder = mkdtempSync(join(home, 'test-'));
  const cluster = copyCluster(template, folder, installation);
  for (let attempt = 1; ; attempt++) {
    try {
      const port = await freePort();
      const server = await startServer(cluster, installation, { port, settings, removeAfterwards: true });
      const stop = async (): Promise<void> => {
        await server.stop();
        rmSync(folder, { recursive: true, force: true });
      };
      return { url: server.url, prefix: 'facet_', stop };
    } catch (error) {
      // Between our asking for a free port and the server's taking it, somebody else may.
      if (error instanceof PortTakenError && attempt < 5) continue;
      rmSync(folder, { recursive: true, force: true });
      throw error;
    }
  }
}

async function borrowedServer(url: string): Promise<TestDatabase> {
  const prefix = `facet_test_${randomBytes(6).toString('hex')}_`;
  await onServer(url, (client) => client.query('select 1'));
  return { url, prefix, stop: () => onServer(url, (client) => dropAll(client, prefix)) };
}

async function onServer(url: string, work: (client: pg.Client) => Promise<unknown>): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  try {
    await client.connect();
    await work(client);
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new Error(`DATABASE_URL names a server that does not do what tests need: ${reason}`, { cause });
  } finally {
    await client.end();
  }
}

async function dropAll(client: pg.Client, prefix: string): Promise<void> {
  const query = 'select datname from pg_database where starts_with(datname, $1)';
  const { rows } = await client.query<{ datname: string }>(query, [prefix]);
  for (const { datname } of rows) {
    await client.query(`drop database if exists ${client.escapeIdentifier(datname)} with (force)`);
  }
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, HOST, resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}
