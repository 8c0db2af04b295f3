import { Injectable } from '@nestjs/common';
import type { OutputOf, ParsedInputOf } from '@facet/contracts';
import { Fault } from '@facet/platform';
import { AuditLog, Commands, Database, newId, type ServiceContext, type Transaction } from '@facet/service';
import { accounts, type StoredApiKey } from '@facet/shop-accounts';
import { desc, eq } from 'drizzle-orm';
import { apiKeys, customers } from './schema.js';

type Row = typeof apiKeys.$inferSelect;

/** The keys of partners, by their hashes. */
@Injectable()
export class ApiKeys {
  constructor(
    private readonly db: Database,
    private readonly commands: Commands,
    private readonly audit: AuditLog,
  ) {}

  async byHash(hash: string): Promise<StoredApiKey | null> {
    const [row] = await this.db.select().from(apiKeys).where(eq(apiKeys.hash, hash));
    return row === undefined ? null : shown(row);
  }

  async list(partner: string | undefined): Promise<StoredApiKey[]> {
    const rows = await this.db
      .select()
      .from(apiKeys)
      .where(partner === undefined ? undefined : eq(apiKeys.partner, partner))
      .orderBy(desc(apiKeys.createdAt), apiKeys.id);
    return rows.map(shown);
  }

  async issue(
    input: ParsedInputOf<typeof accounts.issueApiKey>,
    context: ServiceContext,
  ): Promise<StoredApiKey> {
    const { idempotencyKey: _, expiresAt, ...key } = input;
    const issued = await this.commands.once(accounts.issueApiKey, input, (tx) =>
      add(tx, { ...key, expiresAt: expiresAt === undefined ? null : new Date(expiresAt) }),
    );
    this.audit.done({ type: 'key.issued', target: issued.id }, context);
    return issued;
  }

  async rotate(
    input: ParsedInputOf<typeof accounts.rotateApiKey>,
    context: ServiceContext,
  ): Promise<OutputOf<typeof accounts.rotateApiKey>> {
    const rotated = await this.commands.once(accounts.rotateApiKey, input, (tx) => rotate(tx, input));
    const { issued, retiring } = rotated;
    this.audit.done({ type: 'key.rotated', target: `${retiring.id} to ${issued.id}` }, context);
    return rotated;
  }

  async revoke(
    input: ParsedInputOf<typeof accounts.revokeApiKey>,
    context: ServiceContext,
  ): Promise<StoredApiKey> {
    const revoked = await this.commands.once(accounts.revokeApiKey, input, async (tx) => {
      const { revokedAt } = await locked(tx, input.id);
      return change(tx, input.id, { revokedAt: revokedAt ?? new Date() });
    });
    this.audit.done({ type: 'key.revoked', target: revoked.id }, context);
    return revoked;
  }
}

async function rotate(
  tx: Transaction,
  { id, hash, hint, overlapSeconds }: ParsedInputOf<typeof accounts.rotateApiKey>,
): Promise<OutputOf<typeof accounts.rotateApiKey>> {
  const old = await locked(tx, id);
  if (!isLive(old) || old.replacedBy !== null)
    throw new Fault(
      'accounts.api-key-not-live',
      409,
      'this key has been revoked, has expired, or has a successor',
    );
  const { partner, customerId, scopes, plan, signingKey } = old;
  const issued = await add(tx, { hash, hint, partner, customerId, scopes, plan, signingKey });
  const end = new Date(Date.now() + overlapSeconds * 1_000);
  const expiresAt = old.expiresAt !== null && old.expiresAt < end ? old.expiresAt : end;
  const retiring = await change(tx, id, { replacedBy: issued.id, expiresAt });
  return { issued, retiring };
}

async function add(tx: Transaction, key: Omit<typeof apiKeys.$inferInsert, 'id'>): Promise<StoredApiKey> {
  if (key.customerId != null) {
    const [customer] = await tx
      .select({ id: customers.id })
      .from(customers)
      .where(eq(customers.id, key.customerId));
    if (customer === undefined)
      throw new Fault('accounts.customer-not-found', 404, 'there is no such customer');
  }
  const [row] = await tx
    .insert(apiKeys)
    .values({ ...key, id: newId('key') })
    .onConflictDoNothing({ target: apiKeys.hash })
    .returning();
  if (row === undefined)
    throw new Fault('accounts.api-key-exists', 409, 'there is a key with this hash already');
  return shown(row);
}

async function locked(tx: Transaction, id: string): Promise<Row> {
  const [row] = await tx.select().from(apiKeys).where(eq(apiKeys.id, id)).for('update');
  if (row === undefined) throw new Fault('accounts.api-key-not-found', 404, 'there is no such key');
  return row;
}

async function change(tx: Transaction, id: string, values: Partial<Row>): Promise<StoredApiKey> {
  const [row] = await tx.update(apiKeys).set(values).where(eq(apiKeys.id, id)).returning();
  return shown(row as Row);
}

function isLive({ revokedAt, expiresAt }: Row): boolean {
  return revokedAt === null && (expiresAt === null || expiresAt > new Date());
}

function shown({ hash: _, createdAt, expiresAt, revokedAt, ...key }: Row): StoredApiKey {
  return {
    ...key,
    createdAt: createdAt.toISOString(),
    expiresAt: expiresAt?.toISOString() ?? null,
    revokedAt: revokedAt?.toISOString() ?? null,
  };
}
