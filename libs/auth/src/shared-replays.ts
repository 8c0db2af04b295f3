import { createHash } from 'node:crypto';
import { Fault, type Logger } from '@facet/platform';
import { SharedRedis, type SharedRedisOptions } from '@facet/platform/redis';
import { createReplayGuard, type ReplayGuard } from './replay.js';

/** A memory of what was used, and what ends its connection. */
export interface Replays {
  readonly guard: ReplayGuard;
  close(): Promise<void>;
}

const PREFIX = 'facet:used:';

/**
 * One memory for all instances of all gateways, in Redis. While that is away nothing counts as a first use: what needs
 * one is refused with `auth.replays-unavailable` (503), and what does not goes on.
 */
export function createSharedReplays(options: SharedRedisOptions): Replays {
  const redis = new SharedRedis(options, unavailable);
  const keyOf = (name: string) => `${PREFIX}${createHash('sha256').update(name).digest('base64url')}`;
  return {
    guard: { firstUse: (name, ttlMs) => redis.firstUse(keyOf(name), ttlMs) },
    close: () => Promise.resolve(redis.close()),
  };
}

/** Shared where a Redis is configured, of this process alone where none is. */
export function replaysOf({ REDIS_URL: url }: { REDIS_URL?: string | undefined }, logger: Logger): Replays {
  if (url === undefined) return { guard: createReplayGuard(), close: () => Promise.resolve() };
  const onError = (err: Error) => logger.warn({ err }, 'the memory of used proofs cannot be reached');
  return createSharedReplays({ url, onError });
}

function unavailable(cause: unknown): Fault {
  return new Fault(
    'auth.replays-unavailable',
    503,
    'Proofs and signatures cannot be checked at the moment.',
    {
      retryAfterMs: 2_000,
      cause,
    },
  );
}
