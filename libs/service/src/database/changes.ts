import { sql } from 'drizzle-orm';
import type { PgSequence } from 'drizzle-orm/pg-core';
import type { Transaction } from './prepare.js';

/**
 * The number of a change in a feed that is read by "after number n". Two transactions of the same `feed` take turns
 * from here to their end, so that numbers become visible in their order and no reader ever skips one: take it late.
 */
export async function nextChange(tx: Transaction, sequence: PgSequence, feed: string): Promise<number> {
  const name = sequence.seqName ?? '';
  await tx.execute(sql`select pg_advisory_xact_lock(hashtextextended(${`${name} ${feed}`}, 0))`);
  const { rows } = await tx.execute<{ number: string }>(sql`select nextval(${name}::regclass) as number`);
  return Number(rows[0]?.number);
}
