import { definePolicy } from '@facet/policy';

/** What this gateway promises and what it refuses; docs/guides/policy.md explains each line. */
export const policy = definePolicy({
  limits: { connections: 20_000, connectionsPerAddress: 1_000, bodyBytes: 262_144, requestMs: 14_000 },
  plans: {
    // An address may be a whole mobile network's.
    visitors: { burst: { requests: 600, seconds: 10 }, sustained: { requests: 12_000, seconds: 300 } },
    callers: { burst: { requests: 100, seconds: 10 }, sustained: { requests: 1_500, seconds: 300 } },
    failures: { requests: 300, seconds: 300 },
  },
  // A screen of an hour ago is better than none on a train.
  cache: { staleIfErrorMs: 60 * 60_000 },
  idempotency: { keepMs: 24 * 3_600_000 },
  compression: { fromBytes: 1_024 },
  shedding: { maxInFlight: 1_000, maxDelayMs: 250 },
});
