import { createHash } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import type { Operation, OutputOf, ParsedInputOf } from '@facet/contracts';
import { Fault, type WireFault } from '@facet/platform';
import { and, eq, lt, sql } from 'drizzle-orm';
import { isConflict } from './database/faults.js';
import { Database } from './database/open.js';
import type { Transaction } from './database/prepare.js';
import { idempotencyKeys } from './database/schema.js';

type Answer<T> = { readonly value: T } | { readonly fault: WireFault };

const ATTEMPTS = 3;
const KEEP_DAYS = 7;

/** Counts commands; a service's metrics. */
export abstract class CommandCounter {
  abstract commanded(operation: string, outcome: 'done' | 'repeated'): void;
}

/** Carries commands out once per idempotency key: the work and its answer are written in one transaction. */
@Injectable()
export class Commands {
  constructor(
    private readonly db: Database,
    private readonly counter: CommandCounter,
  ) {}

  /**
   * The first time, does `work`; with the same key again, gives the first answer again, a refusal too. A fault that
   * `work` throws undoes what it wrote; one that it returns is the answer, and what it wrote stays. A fault from 500
   * on, or any other error, is no answer: the key stays free. Two at once: the second waits for the first.
   *
   * @throws Fault `idempotency.key-reused` (422) where the key came with another input before
   */
  async once<O extends Operation>(
    operation: O,
    input: ParsedInputOf<O> & { idempotencyKey: string },
    work: (tx: Transaction) => Promise<OutputOf<O> | Fault>,
  ): Promise<OutputOf<O>> {
    const id = { operation: operation.name, key: input.idempotencyKey };
    const inputHash = createHash('sha256').update(JSON.stringify(input)).digest('base64url');
    let isRepeated = false;
    const answer = await this.transaction(async (tx) => {
      const isFirst = await tx
        .insert(idempotencyKeys)
        .values({ ...id, inputHash })
        .onConflictDoNothing()
        .returning();
      isRepeated = isFirst.length === 0;
      if (isRepeated) return recall<OutputOf<O>>(tx, id, inputHash);
      const first = await attempt(tx, work);
      await tx.update(idempotencyKeys).set({ answer: first }).where(isKey(id));
      return first;
    });
    this.counter.commanded(operation.pattern, isRepeated ? 'repeated' : 'done');
    if ('value' in answer) return answer.value;
    throw Fault.fromWire(answer.fault) ?? new Error('the stored answer is no fault');
  }

  /** Forgets keys that nobody will send again. */
  async sweep(): Promise<void> {
    await this.db
      .delete(idempotencyKeys)
      .where(lt(idempotencyKeys.createdAt, sql`now() - make_interval(days => ${KEEP_DAYS})`));
  }

  private async transaction<T>(work: (tx: Transaction) => Promise<T>): Promise<T> {
    for (let attempts = 1; ; attempts += 1) {
      try {
        return await this.db.transaction(work);
      } catch (error) {
        if (!isConflict(error) || attempts === ATTEMPTS) throw error;
      }
    }
  }
}

async function attempt<T>(
  tx: Transaction,
  work: (tx: Transaction) => Promise<T | Fault>,
): Promise<Answer<T>> {
  try {
    const result = await tx.transaction(work);
    return result instanceof Fault ? { fault: result.toWire() } : { value: result };
  } catch (error) {
    if (error instanceof Fault && error.status < 500) return { fault: error.toWire() };
    throw error;
  }
}

async function recall<T>(tx: Transaction, id: { operation: string; key: string }, inputHash: string) {
  const [known] = await tx.select().from(idempotencyKeys).where(isKey(id));
  if (known === undefined) throw new Error('an idempotency key vanished while it was in use');
  if (known.inputHash !== inputHash) {
    throw new Fault('idempotency.key-reused', 422, 'this idempotency key came with another input before', {
      fields: [{ field: 'idempotencyKey', message: 'was used for another input' }],
    });
  }
  return known.answer as Answer<T>;
}

function isKey({ operation, key }: { operation: string; key: string }) {
  return and(eq(idempotencyKeys.operation, operation), eq(idempotencyKeys.key, key));
}
