import type { PgTable, PgInsertValue } from 'drizzle-orm/pg-core';
import type { Transaction } from './prepare.js';

/** Rows in one statement: far from PostgreSQL's 65,535 parameters for tables of up to 40 columns. */
const CHUNK = 1_000;

/** Writes many rows with few statements. */
export async function insertAll<T extends PgTable>(
  tx: Transaction,
  table: T,
  rows: readonly PgInsertValue<T>[],
): Promise<void> {
  for (let at = 0; at < rows.length; at += CHUNK) {
    await tx.insert(table).values(rows.slice(at, at + CHUNK));
  }
}
