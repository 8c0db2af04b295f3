import type { FastifyReply } from 'fastify';

/** What one limit has to say after a request, in requests and seconds. */
export interface LimitReading {
  readonly name: string;
  readonly quota: number;
  /** The length of its window; undefined for a month, which has none of its own. */
  readonly windowSeconds?: number;
  readonly remaining: number;
  readonly resetSeconds: number;
}

/**
 * `RateLimit-Policy` and `RateLimit` (draft-ietf-httpapi-ratelimit-headers-10): an item for each limit that a request was
 * held to. `q` is the quota, `w` its window, `r` what remains of it, `t` the time until it is whole again.
 */
export function setRateLimit(reply: FastifyReply, readings: readonly LimitReading[]): void {
  if (readings.length === 0) return;
  const policies = readings.map(({ name, quota, windowSeconds }) =>
    windowSeconds === undefined ? `"${name}";q=${quota}` : `"${name}";q=${quota};w=${windowSeconds}`,
  );
  const limits = readings.map(
    ({ name, remaining, resetSeconds }) => `"${name}";r=${remaining};t=${Math.max(0, resetSeconds)}`,
  );
  reply.header('ratelimit-policy', policies.join(', '));
  reply.header('ratelimit', limits.join(', '));
}
