import { fileURLToPath } from 'node:url';
import type { Logger } from '@facet/platform';
import type { NodePgDatabase } from 'drizzle-orm/node-postgres';
import { drizzle } from 'drizzle-orm/node-postgres';
import { migrate } from 'drizzle-orm/node-postgres/migrator';
import type { Pool } from 'pg';
import { seeds } from './schema.js';

/** A transaction on the service's database. */
export type Transaction = Parameters<Parameters<NodePgDatabase['transaction']>[0]>[0];

export interface Seed {
  /** What is seeded, under its version: another name is seeded again. */
  readonly name: string;
  run(tx: Transaction): Promise<void>;
}

export interface Preparation {
  /** The folder that drizzle-kit writes: `new URL('../migrations', import.meta.url)`, the same from src and dist. */
  readonly migrations: URL;
  readonly seed?: Seed;
}

/** Any number will do, as long as every instance takes the same; the lock is one database's own. */
const LOCK = 4_020_113;

/** Migrates, then seeds once; instances that start together take turns. */
export async function prepare(
  pool: Pool,
  { migrations, seed, logger }: Preparation & { logger: Logger },
): Promise<void> {
  const client = await pool.connect();
  try {
    await client.query('set statement_timeout = 0');
    await client.query('select pg_advisory_lock($1)', [LOCK]);
    const db = drizzle(client);
    await migrate(db, { migrationsFolder: fileURLToPath(migrations) });
    if (seed !== undefined) await seedOnce(db, seed, logger);
  } finally {
    // Ends the session and with it lock and settings.
    client.release(true);
  }
}

async function seedOnce(db: NodePgDatabase, seed: Seed, logger: Logger): Promise<void> {
  const began = performance.now();
  const seeded = await db.transaction(async (tx) => {
    const marked = await tx.insert(seeds).values({ name: seed.name }).onConflictDoNothing().returning();
    if (marked.length === 0) return false;
    await seed.run(tx);
    return true;
  });
  if (seeded) logger.info({ seed: seed.name, ms: Math.round(performance.now() - began) }, 'seeded');
}
