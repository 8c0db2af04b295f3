import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { addressOf } from '../http/trusted-proxies.js';
import type { Plans } from './plans.js';
import { setRateLimit } from './rate-limit-fields.js';

/**
 * Counts a request to its address, for what no route of Nest's counts: what stands beside them, what nobody answers, and
 * credentials that prove nobody.
 *
 * @throws Fault 429 where a limit is spent
 */
export async function countVisitor(
  plans: Plans | undefined,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<void> {
  await plans?.charge(plans.visitor(addressOf(request)), (readings) => setRateLimit(reply, readings));
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
export function countVisitors(instance: FastifyInstance, plans: Plans): void {
  instance.addHook('onRequest', (request, reply, done) => {
    if (request.is404 || request.routeOptions.config.countsVisitor === true)
      countVisitor(plans, request, reply).then(() => done(), done);
    else done();
  });
}
