import { sql } from 'drizzle-orm';
import type { PgSequence } from 'drizzle-orm/pg-core';
import type { Transaction } from './prepare.js';
import { answerChanges } from './schema.js';

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

/**
 * Says that what answers with one of `tags` depend on has changed, in the transaction that changes it: gateways drop
 * those answers once it is committed. Tags are those of the contract, with what they name filled in: `product:prd_1`.
 */
export async function tellOfChange(tx: Transaction, tags: readonly string[]): Promise<void> {
  if (tags.length > 0) await tx.insert(answerChanges).values({ tags: [...new Set(tags)] });
}
