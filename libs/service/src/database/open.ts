import { setTimeout as sleep } from 'node:timers/promises';
import { StartError, type Logger } from '@facet/platform';
import { NodePgDatabase, drizzle } from 'drizzle-orm/node-postgres';
import pg from 'pg';
import { databaseFault, READ_ONLY } from './faults.js';
import { measuredPool, type PoolMeter } from './measured-pool.js';
import { prepare, type Preparation } from './prepare.js';

/** The service's own database, as a provider: a handler's class takes it in its constructor. */
export { NodePgDatabase as Database };

export interface OpenOptions extends Preparation {
  /** `postgres://user:password@host:5432/postgres`: the server; the database that it names is only used to create ours. */
  readonly url: string;
  /** The service's own database on that server; made where it is missing. */
  readonly name: string;
  readonly poolSize: number;
  readonly meter: PoolMeter;
  readonly logger: Logger;
  /** How long to wait for a server that is still starting, in milliseconds. Default 20,000. */
  readonly waitMs?: number;
}

export interface OpenDatabase {
  readonly db: NodePgDatabase;
  readonly pool: pg.Pool;
  /** Rejects where the database does not answer. */
  readonly check: () => Promise<void>;
  readonly close: () => Promise<void>;
}

/**
 * Opens the service's database: creates, migrates and seeds it where needed. Several instances may do so at once.
 *
 * @throws StartError where the server cannot be reached or refuses
 */
export async function openDatabase(options: OpenOptions): Promise<OpenDatabase> {
  await createWhereMissing(options);
  const pool = measuredPool(
    {
      connectionString: withDatabase(options.url, options.name),
      application_name: options.name,
      max: options.poolSize,
      connectionTimeoutMillis: 3_000,
      statement_timeout: 15_000,
      keepAlive: true,
      verify: (client: pg.PoolClient, done: (error?: Error) => void) =>
        void requirePrimary(client).then(() => done(), done),
    },
    options.meter,
  );
  followPrimary(pool);
  pool.on('error', (error) =>
    options.logger.warn({ reason: error.message }, 'a database connection was lost'),
  );
  try {
    await prepare(pool, options);
  } catch (error) {
    await pool.end();
    throw error;
  }
  return {
    db: drizzle(pool),
    pool,
    check: () => requirePrimary(pool),
    close: () => pool.end(),
  };
}

/** Rejects where nothing can be written: a standby, as the old primary is one after a failover. */
async function requirePrimary(server: Pick<pg.Pool, 'query'>): Promise<void> {
  const { rows } = await server.query<{ transaction_read_only: string }>('show transaction_read_only');
  if (rows[0]?.transaction_read_only !== 'on') return;
  throw Object.assign(new Error('this database server is read-only'), { code: READ_ONLY });
}

/**
 * A server that has become a standby closes no connection. One that could not write is closed once it is given back, and its
 * name resolved again for the next.
 */
function followPrimary(pool: pg.Pool): void {
  const outdated = new WeakSet<pg.PoolClient>();
  pool.on('connect', (client) => {
    const { connection } = client as pg.PoolClient & { readonly connection: NodeJS.EventEmitter };
    connection.on('errorMessage', ({ code }: { code?: string }) => {
      if (code === READ_ONLY) outdated.add(client);
    });
  });
  pool.on('release', (_error, client) => {
    if (outdated.has(client)) void (client as unknown as pg.Client).end().catch(() => undefined);
  });
}

async function createWhereMissing({ url, name, logger, waitMs = 20_000 }: OpenOptions): Promise<void> {
  const client = await connect({ url, logger, waitMs });
  try {
    const { rowCount } = await client.query('select from pg_database where datname = $1', [name]);
    if (rowCount === 0) await client.query(`create database ${client.escapeIdentifier(name)}`);
  } catch (error) {
    if (!isAlreadyThere(error)) throw unusable(url, error);
  } finally {
    await client.end();
  }
}

async function connect({ url, logger, waitMs }: { url: string; logger: Logger; waitMs: number }) {
  const giveUpAt = performance.now() + waitMs;
  for (let attempt = 1; ; attempt += 1) {
    const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 3_000 });
    client.on('error', () => undefined);
    try {
      await client.connect();
      return client;
    } catch (error) {
      await client.end().catch(() => undefined);
      if (databaseFault(error) === undefined || performance.now() > giveUpAt) throw unusable(url, error);
      if (attempt === 1) logger.warn({ server: hostOf(url) }, 'waiting for the database');
      await sleep(250);
    }
  }
}

/** Another instance was quicker. */
function isAlreadyThere(error: unknown): boolean {
  return ['42P04', '23505'].includes((error as { code?: string }).code ?? '');
}

function unusable(url: string, error: unknown): StartError {
  const reason = (error as Error).message || ((error as { code?: string }).code ?? 'no reason given');
  return new StartError(`cannot use the database server at ${hostOf(url)} (DATABASE_URL): ${reason}`, {
    cause: error,
  });
}

function hostOf(url: string): string {
  const { hostname, port } = new URL(url);
  return `${hostname}:${port || 5432}`;
}

function withDatabase(url: string, name: string): string {
  const own = new URL(url);
  own.pathname = `/${encodeURIComponent(name)}`;
  return own.href;
}
