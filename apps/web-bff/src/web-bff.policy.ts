import { definePolicy } from '@facet/gateway';

/** What differs from the defaults of every gateway; docs/guides/policy.md explains each line. */
export const policy = definePolicy({
  rateLimits: {
    // An address may be a whole office's.
    anonymous: { burst: { requests: 300, seconds: 10 }, sustained: { requests: 6_000, seconds: 300 } },
    callers: { burst: { requests: 200, seconds: 10 }, sustained: { requests: 3_000, seconds: 300 } },
  },
  cache: { staleIfErrorMs: 10 * 60_000 },
});
