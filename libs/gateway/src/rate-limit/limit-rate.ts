import type { Step } from '../request/steps.js';
import type { RateLimits } from './rate-limits.js';

/** Counts each request against its caller's plan, as its route says. */
export function limitRate(rateLimits: RateLimits): Step {
  return (context) => {
    const { address, caller, route } = context;
    return rateLimits.charge(rateLimits.principalOf(address, caller), context, route);
  };
}
