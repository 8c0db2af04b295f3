import type { ReplyWriter } from '../reply/writer.js';
import type { RequestContext } from '../request/context.js';
import { type Refusal } from './problem.js';

export const PROBLEM_TYPE = 'application/problem+json; charset=utf-8';

/** Answers with a problem, whatever was prepared before. */
export function sendProblem(
  writer: ReplyWriter,
  context: RequestContext,
  { problem, retryAfterSeconds }: Refusal,
): void {
  if (retryAfterSeconds !== undefined) context.setField('retry-after', String(retryAfterSeconds));
  context.status = problem.status;
  context.contentType = PROBLEM_TYPE;
  context.cacheControl = 'no-store';
  context.etag = undefined;
  writer.write(context, JSON.stringify(problem));
}
