import type { Step } from '../exchange/steps.js';
import { addressOf } from '../http/trusted-proxies.js';
import type { Plans } from './plans.js';
import { setRateLimit } from './rate-limit-fields.js';

/** Counts each request against its caller's plan, as its route says. */
export function limitRate(plans: Plans): Step {
  return ({ request, reply, caller, route }) =>
    plans.charge(plans.principalOf(addressOf(request), caller), {
      route,
      tell: (readings) => setRateLimit(reply, readings),
      refused: (refused) => plans.refusals.remember(request, refused, caller !== undefined),
    });
}
