import { Catch, type ArgumentsHost, type ExceptionFilter } from '@nestjs/common';
import { Fault, type Logger } from '@facet/platform';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { exchangeOf } from '../exchange/exchange.js';
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
  constructor(private readonly logger: Logger) {}

  catch(error: unknown, host: ArgumentsHost): void {
    const http = host.switchToHttp();
    this.answer(error, http.getRequest<FastifyRequest>(), http.getResponse<FastifyReply>());
  }

  /** The same for routes that stand beside Nest's. */
  answer(error: unknown, request: FastifyRequest, reply: FastifyReply): void {
    const exchange = exchangeOf(request);
    const refusal = refusalOf(hasLeft(error, request) ? left() : error, exchange?.traceId);
    exchange?.refused(refusal);
    if (refusal.defect) {
      const { requestId, traceId } = exchange ?? {};
      this.logger.error(
        { err: error, requestId, traceId, route: request.routeOptions.url },
        'a request failed',
      );
    }
    if (reply.sent || reply.raw.headersSent) reply.raw.destroy();
    else sendProblem(reply, refusal);
  }
}
