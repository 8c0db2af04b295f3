import type { ApiKey, ApiKeyStore } from '@facet/auth';
import type { Call } from '@facet/contracts';
import { accounts, type StoredApiKey } from '@facet/shop-accounts';

/** A partner waits for this before anything else can begin. */
const WITHIN_MS = 2_000;

/** Partners' keys as `accounts` has them. */
export function apiKeyStore(call: Call): ApiKeyStore {
  return {
    async findByHash(hash) {
      const options = { signal: AbortSignal.timeout(WITHIN_MS), deadline: performance.now() + WITHIN_MS };
      const { value } = await call(accounts.apiKeyByHash, { hash }, options);
      return value.key === null ? undefined : known(value.key);
    },
  };
}

function known({ id, partner, customerId, scopes, plan, ...key }: StoredApiKey): ApiKey {
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
