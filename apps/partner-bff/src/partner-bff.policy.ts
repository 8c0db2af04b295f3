import { definePolicy } from '@facet/gateway';

/** What differs from the defaults of every gateway; docs/guides/policy.md explains each line. */
export const policy = definePolicy({
  // A server needs few connections. It buys by what it reads, so that it gets nothing that is older than contracts allow.
  limits: { connectionsPerAddress: 200 },
  rateLimits: {
    anonymous: { burst: { requests: 100, seconds: 10 }, sustained: { requests: 600, seconds: 300 } },
    callers: {
      burst: { requests: 50, seconds: 10 },
      sustained: { requests: 600, seconds: 300 },
      perDay: 10_000,
    },
    plans: {
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
  },
});
