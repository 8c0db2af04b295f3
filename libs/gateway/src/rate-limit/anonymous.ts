import type { Fault } from '@facet/platform';
import type { RequestContext } from '../request/context.js';
import type { Step } from '../request/steps.js';
import type { RateLimits } from './rate-limits.js';

/**
 * Counts a request to its address, for what no route of the gateway's own counts: what stands beside them, what nobody answers,
 * and credentials that prove nobody. Gives the refusal where a limit is spent.
 */
export function countAddress(
  rateLimits: RateLimits | undefined,
  context: RequestContext,
): Fault | undefined | Promise<Fault | undefined> {
  return rateLimits?.charge(rateLimits.anonymous(context.address), context);
}

/** Counts a request to its address, whatever it asks for. */
export function countByAddress(rateLimits: RateLimits): Step {
  return (context) => countAddress(rateLimits, context);
}

/** Counts what no route answers, and what is registered with `COUNTS_ADDRESS`. */
export function countUnrouted(rateLimits: RateLimits): Step {
  return (context) => (context.endpoint.countsAddress ? countAddress(rateLimits, context) : undefined);
}
