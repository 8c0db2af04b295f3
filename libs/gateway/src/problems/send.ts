import type { FastifyReply } from 'fastify';
import { setSecurityHeaders } from '../http/security-headers.js';
import { type Refusal } from './problem.js';

export const PROBLEM_TYPE = 'application/problem+json; charset=utf-8';

/** Answers with a problem, whatever was prepared before. */
export function sendProblem(reply: FastifyReply, { problem, retryAfterSeconds }: Refusal): void {
  for (const name of ['etag', 'content-encoding', 'content-length']) reply.removeHeader(name);
  setSecurityHeaders(reply);
  if (retryAfterSeconds !== undefined) reply.header('retry-after', retryAfterSeconds);
  void reply
    .code(problem.status)
    .header('content-type', PROBLEM_TYPE)
    .header('cache-control', 'no-store')
    .send(JSON.stringify(problem));
}
