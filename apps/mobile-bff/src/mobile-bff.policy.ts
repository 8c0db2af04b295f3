import { definePolicy } from '@facet/gateway';

/** What differs from the defaults of every gateway; docs/guides/policy.md explains each line. */
export const policy = definePolicy({
  rateLimits: {
    // An address may be a whole mobile network's.
    anonymous: { burst: { requests: 600, seconds: 10 }, sustained: { requests: 12_000, seconds: 300 } },
    callers: { burst: { requests: 100, seconds: 10 }, sustained: { requests: 1_500, seconds: 300 } },
  },
  // A screen of an hour ago is better than none on a train.
  cache: { staleIfErrorMs: 60 * 60_000 },
});
