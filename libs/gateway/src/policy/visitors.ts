import type { Fault } from '@facet/platform';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Step } from '../exchange/steps.js';
import { addressOf } from '../http/trusted-proxies.js';
import type { Plans } from './plans.js';
import { setRateLimit } from './rate-limit-fields.js';

/**
 * Counts a request to its address, for what no route of the gateway's own counts: what stands beside them, what nobody answers,
 * and credentials that prove nobody. Gives the refusal where a limit is spent.
 */
export function countVisitor(
  plans: Plans | undefined,
  request: FastifyRequest,
  reply: FastifyReply,
): Fault | undefined | Promise<Fault | undefined> {
  return plans?.charge(plans.visitor(addressOf(request)), {
    tell: (readings) => setRateLimit(reply, readings),
  });
}

declare module 'fastify' {
  interface FastifyContextConfig {
    /** Whether the route counts to its visitor's address although it is none of Nest's. */
    countsVisitor?: boolean;
  }
}

/** What a route beside Nest's is registered with, to be counted. */
export const COUNTS_VISITOR = { countsVisitor: true } as const;

/** Counts what no route answers, and the routes that are registered with `COUNTS_VISITOR`. */
export function countVisitors(plans: Plans): Step {
  return ({ request, reply }) =>
    request.is404 || request.routeOptions.config.countsVisitor === true
      ? countVisitor(plans, request, reply)
      : undefined;
}
