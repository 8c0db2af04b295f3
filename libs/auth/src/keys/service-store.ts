import type { Call, Operation, OperationKind } from '@facet/contracts';
import type { z } from 'zod';
import type { ApiKey, ApiKeyStore } from './store.js';

/** A key as a service answers with it; times are in ISO 8601. */
export interface StoredKey {
  readonly id: string;
  readonly partner: string;
  readonly customerId: string | null;
  readonly scopes: readonly string[];
  readonly plan: string;
  readonly signingKey: Readonly<Record<string, unknown>> | null;
  readonly expiresAt: string | null;
  readonly revokedAt: string | null;
}

/** A query with which a service finds a key by its hash; null where it has none. */
export type KeyByHash = Operation<
  z.ZodType<unknown, { readonly hash: string }>,
  z.ZodType<{ readonly key: StoredKey | null }>,
  OperationKind
>;

/** A partner waits for this before anything else can begin. */
const WITHIN_MS = 2_000;

/** The keys of partners as a service of the workspace stores them. */
export function serviceKeys(call: Call, byHash: KeyByHash): ApiKeyStore {
  return {
    async findByHash(hash) {
      const options = { signal: AbortSignal.timeout(WITHIN_MS), deadline: performance.now() + WITHIN_MS };
      const { value } = await call(byHash, { hash }, options);
      return value.key === null ? undefined : apiKeyOf(value.key);
    },
  };
}

/** Only the fields that are there: what is absent is undefined, not null. */
export function apiKeyOf({ id, partner, customerId, scopes, plan, ...key }: StoredKey): ApiKey {
  return {
    id,
    partner,
    scopes,
    plan,
    ...(customerId === null ? {} : { customerId }),
    ...(key.expiresAt === null ? {} : { expiresAt: Date.parse(key.expiresAt) }),
    ...(key.revokedAt === null ? {} : { revokedAt: Date.parse(key.revokedAt) }),
    ...(key.signingKey === null ? {} : { signingKey: key.signingKey }),
  };
}
