import { readdirSync, readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';

const MIGRATIONS = new URL('../migrations/', import.meta.url);
/** The reviews of the sample shop: a line of JSON for each product. */
const SAMPLE = new URL('sample.ndjson', MIGRATIONS);
/** Any number will do, as long as every instance takes the same. */
const LOCK = 4_070_001;
const WAIT_MS = 20_000;

export interface DatabaseOptions {
  /** A PostgreSQL server, `postgres://user:password@host:5432/postgres`. */
  readonly url: string;
  readonly name: string;
}

/** Opens the database: creates, migrates and seeds it where needed. Several instances may do so at once. */
export async function openDatabase({ url, name }: DatabaseOptions): Promise<pg.Pool> {
  await createWhereMissing(url, name);
  const own = new URL(url);
  own.pathname = `/${name}`;
  const pool = new pg.Pool({
    ...{ connectionString: own.href, application_name: name, max: 8, keepAlive: true },
    ...{ connectionTimeoutMillis: 2_000, statement_timeout: 15_000 },
  });
  pool.on('error', () => undefined); // the next query makes another connection
  try {
    await migrate(pool);
  } catch (error) {
    await pool.end();
    throw error;
  }
  return pool;
}

async function createWhereMissing(url: string, name: string): Promise<void> {
  const client = await connect(url);
  try {
    const { rowCount } = await client.query('select from pg_database where datname = $1', [name]);
    if (rowCount === 0) await client.query(`create database ${client.escapeIdentifier(name)}`);
  } catch (error) {
    // Another instance was quicker.
    if (!['42P04', '23505'].includes((error as { code?: string }).code ?? '')) throw error;
  } finally {
    await client.end();
  }
}

/** The server may still be starting. */
async function connect(url: string): Promise<pg.Client> {
  const giveUpAt = performance.now() + WAIT_MS;
  for (;;) {
    const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 3_000 });
    client.on('error', () => undefined);
    try {
      await client.connect();
      return client;
    } catch (error) {
      await client.end().catch(() => undefined);
      if (performance.now() > giveUpAt) throw error;
      await sleep(250);
    }
  }
}

async function migrate(pool: pg.Pool): Promise<void> {
  const client = await pool.connect();
  try {
    await client.query('select pg_advisory_lock($1)', [LOCK]);
    await client.query('create table if not exists migrations (name text primary key)');
    const { rows } = await client.query<{ name: string }>('select name from migrations');
    const done = new Set(rows.map(({ name }) => name));
    for (const file of readdirSync(MIGRATIONS).sort()) {
      if (!file.endsWith('.sql') || done.has(file)) continue;
      await once(client, file, () => client.query(readFileSync(new URL(file, MIGRATIONS), 'utf8')));
    }
    if (!done.has('sample')) await once(client, 'sample', () => seed(client));
  } finally {
    client.release(true); // ends the session, and with it the lock
  }
}

async function once(client: pg.PoolClient, name: string, work: () => Promise<unknown>): Promise<void> {
  await client.query('begin');
  try {
    await work();
    await client.query('insert into migrations values ($1)', [name]);
    await client.query('commit');
  } catch (error) {
    await client.query('rollback');
    throw error;
  }
}

async function seed(client: pg.PoolClient): Promise<void> {
  const lines = readFileSync(SAMPLE, 'utf8').trim().split('\n');
  const products = `[${lines.join(',')}]`;
  await client.query(
    `insert into ratings
     select each->>'productId', array(select value::integer from json_array_elements_text(each->'starCounts'))
     from json_array_elements($1::json) as each`,
    [products],
  );
  await client.query(
    `insert into reviews
     select review.id, each->>'productId', review.author, review.stars, review.title, review.text, review."createdAt"
     from json_array_elements($1::json) as each,
       json_to_recordset(each->'reviews')
         as review(id text, author text, stars integer, title text, text text, "createdAt" timestamptz)`,
    [products],
  );
}
