import { definePolicy } from '@facet/policy';

/** What this gateway promises and what it refuses; docs/guides/policy.md explains each line. */
export const policy = definePolicy({
  limits: { connections: 20_000, connectionsPerAddress: 200, bodyBytes: 262_144, requestMs: 14_000 },
  plans: {
    visitors: { burst: { requests: 100, seconds: 10 }, sustained: { requests: 600, seconds: 300 } },
    callers: {
      burst: { requests: 50, seconds: 10 },
      sustained: { requests: 600, seconds: 300 },
      perDay: 10_000,
    },
    named: {
      standard: {
        burst: { requests: 200, seconds: 10 },
        sustained: { requests: 3_000, seconds: 300 },
        perDay: 100_000,
        perMonth: 2_000_000,
      },
      bulk: {
        burst: { requests: 1_000, seconds: 10 },
        sustained: { requests: 15_000, seconds: 300 },
        perDay: 1_000_000,
        perMonth: 20_000_000,
      },
    },
    failures: { requests: 300, seconds: 300 },
  },
  // A server buys by what it reads: nothing beyond what the contracts allow.
  cache: { staleIfErrorMs: 0 },
  idempotency: { keepMs: 24 * 3_600_000 },
  compression: { fromBytes: 1_024 },
  shedding: { maxInFlight: 1_000, maxDelayMs: 250 },
});
