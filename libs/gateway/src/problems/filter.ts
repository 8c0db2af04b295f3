import { Catch, type ArgumentsHost, type ExceptionFilter } from '@nestjs/common';
import { Fault, type Logger } from '@facet/platform';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { ReplyWriter } from '../reply/writer.js';
import { contextOf, type RequestContext } from '../request/context.js';
import { refusalOf } from './problem.js';
import { sendProblem } from './send.js';

/** Whether the error is that the client has broken off its request. */
function hasLeft(error: unknown, { raw }: FastifyRequest): boolean {
  return raw.errored !== null && raw.errored === error;
}

function left(): Fault {
  return new Fault('request.cancelled', 499, 'The client has left.');
}

/** Every error of every route ends here, unknown routes and Fastify's own errors included. */
@Catch()
export class ProblemFilter implements ExceptionFilter {
  constructor(
    private readonly logger: Logger,
    private readonly writer: ReplyWriter,
  ) {}

  catch(error: unknown, host: ArgumentsHost): void {
    const http = host.switchToHttp();
    this.answer(error, http.getRequest<FastifyRequest>(), http.getResponse<FastifyReply>());
  }

  /** The same for what Nest does not answer. */
  answer(error: unknown, request: FastifyRequest, reply: FastifyReply): void {
    const context = contextOf(request);
    if (context === undefined) reply.raw.destroy();
    else this.refuse(error, context);
  }

  /** Answers a request with the problem that an error is. */
  refuse(error: unknown, context: RequestContext): void {
    const { raw: request, reply, requestId, traceId, routePath } = context;
    const refusal = refusalOf(hasLeft(error, request) ? left() : error, traceId);
    context.refused(refusal);
    if (refusal.defect) {
      this.logger.error({ err: error, requestId, traceId, route: routePath }, 'a request failed');
    }
    if (reply.sent || reply.raw.headersSent) reply.raw.destroy();
    else sendProblem(this.writer, context, refusal);
  }
}
