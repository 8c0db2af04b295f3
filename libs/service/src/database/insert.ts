import { getTableColumns, sql } from 'drizzle-orm';
import type { InferInsertModel } from 'drizzle-orm';
import type { PgTable } from 'drizzle-orm/pg-core';
import type { Transaction } from './prepare.js';

/** Rows in one statement: a few megabytes. */
const CHUNK = 2_000;

/**
 * Writes many rows quickly: they travel as one JSON parameter, not as one for each value. All rows have the same
 * fields; columns that none has take their default. Values are plain ones, no SQL.
 */
export async function insertAll<T extends PgTable>(
  tx: Transaction,
  table: T,
  rows: readonly InferInsertModel<T>[],
): Promise<void> {
  const [first] = rows as readonly Record<string, unknown>[];
  if (first === undefined) return;
  const columns = Object.entries(getTableColumns(table)).filter(([key]) => first[key] !== undefined);
  const names = sql.join(
    columns.map(([, { name }]) => sql.identifier(name)),
    sql`, `,
  );
  for (let at = 0; at < rows.length; at += CHUNK) {
    const chunk = rows.slice(at, at + CHUNK) as readonly Record<string, unknown>[];
    const records = chunk.map((row) =>
      Object.fromEntries(columns.map(([key, { name }]) => [name, row[key]])),
    );
    await tx.execute(
      sql`insert into ${table} (${names}) select ${names} from jsonb_populate_recordset(null::${table}, ${JSON.stringify(records)}::jsonb)`,
    );
  }
}
