import type { Fault } from '@facet/platform';
import type { RequestContext } from '../request/context.js';
import type { Step } from '../request/steps.js';
import type { Plans } from './plans.js';

/**
 * Counts a request to its address, for what no route of the gateway's own counts: what stands beside them, what nobody answers,
 * and credentials that prove nobody. Gives the refusal where a limit is spent.
 */
export function countVisitor(
  plans: Plans | undefined,
  context: RequestContext,
): Fault | undefined | Promise<Fault | undefined> {
  return plans?.charge(plans.visitor(context.address), context);
}

/** Counts what no route answers, and what is registered with `COUNTS_VISITOR`. */
export function countVisitors(plans: Plans): Step {
  return (context) => (context.endpoint.countsAddress ? countVisitor(plans, context) : undefined);
}
