import { Fault } from '@facet/platform';
import { SharedRedis } from '@facet/platform/redis';

/** What instances of a gateway know in common; undefined where each knows its own. */
export type SharedState = SharedRedis | undefined;

export interface SharedStateOptions {
  /** `redis://host:port`; without one there is no shared state. */
  readonly redisUrl?: string | undefined;
  /** How long one question may take before the instance goes on alone, in milliseconds. Default 250. */
  readonly timeoutMs?: number;
  /** Told of a connection that failed. */
  readonly onError?: (error: Error) => void;
}

/** One connection for all of a gateway's policy; what it is asked while Redis is away is a fault at once. */
export function openSharedState({ redisUrl, timeoutMs = 250, onError }: SharedStateOptions): SharedState {
  if (redisUrl === undefined) return undefined;
  return new SharedRedis(
    { url: redisUrl, timeoutMs, ...(onError === undefined ? {} : { onError }) },
    (cause) =>
      new Fault('policy.state-unavailable', 503, 'What instances share cannot be reached.', {
        cause,
        retryAfterMs: 1_000,
      }),
  );
}
