import { definePolicy } from '@facet/policy';

/** What this gateway promises and what it refuses; docs/guides/policy.md explains each line. */
export const policy = definePolicy({
  limits: { connections: 20_000, connectionsPerAddress: 1_000, bodyBytes: 262_144, requestMs: 14_000 },
  plans: {
    // An address may be a whole office's.
    visitors: { burst: { requests: 300, seconds: 10 }, sustained: { requests: 6_000, seconds: 300 } },
    callers: { burst: { requests: 200, seconds: 10 }, sustained: { requests: 3_000, seconds: 300 } },
    failures: { requests: 300, seconds: 300 },
  },
  cache: { staleIfErrorMs: 10 * 60_000 },
  idempotency: { keepMs: 24 * 3_600_000 },
  compression: { fromBytes: 1_024 },
  shedding: { maxInFlight: 1_000, maxDelayMs: 250 },
});
