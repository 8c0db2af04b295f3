import type { FastifyReply, FastifyRequest } from 'fastify';
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
