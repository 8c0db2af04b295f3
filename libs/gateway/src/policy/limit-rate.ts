import type { Step } from '../request/steps.js';
import type { Plans } from './plans.js';

/** Counts each request against its caller's plan, as its route says. */
export function limitRate(plans: Plans): Step {
  return (context) => {
    const { address, caller, route } = context;
    return plans.charge(plans.principalOf(address, caller), context, route);
  };
}
