import { FastifyAdapter } from '@nestjs/platform-fastify';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { Fault, type Logger } from '@facet/platform';
import type { RequestLimits } from '@facet/policy';
import type { GatewayConfig } from '../config.js';
import { openExchange } from '../exchange/exchange.js';
import type { Plans } from '../policy/plans.js';
import { countVisitor } from '../policy/visitors.js';
import { httpFacts, refusalOf } from '../problems/problem.js';
import { sendProblem } from '../problems/send.js';
import type { Cors } from './cors.js';
import { boundConnections, endIdleConnections } from './connections.js';
import { takeOnlyJson } from './json-body.js';
import { RawErrors } from './raw-errors.js';
import { trustIn } from './trusted-proxies.js';

/** Longer than any answer takes: ends connections on which nothing moves at all. */
const IDLE_TIMEOUT_MS = 60_000;

export interface AdapterParts {
  readonly logger: Logger;
  readonly plans: Plans | undefined;
  readonly cors: Cors | undefined;
}

/** Fastify with every bound set before any code of ours runs. */
export function createAdapter(
  { http }: GatewayConfig,
  limits: RequestLimits,
  { logger, plans, cors }: AdapterParts,
): FastifyAdapter {
  const keepAliveMs = http.keepAliveMs ?? limits.keepAliveMs;
  const isTrusted = trustIn(http.trustedProxies);
  const rawErrors = new RawErrors(logger, cors);
  const adapter = new FastifyAdapter({
    bodyLimit: http.maxBodyBytes ?? limits.bodyBytes,
    connectionTimeout: Math.max(IDLE_TIMEOUT_MS, http.requestTimeoutMs + 1_000),
    requestTimeout: limits.requestMs,
    keepAliveTimeout: keepAliveMs,
    http: {
      headersTimeout: limits.headersMs,
      requestTimeout: limits.requestMs,
      maxHeaderSize: limits.headerBytes,
      connectionsCheckingInterval: 100,
      requireHostHeader: false,
    },
    trustProxy: http.trustedProxies.length > 0 && isTrusted,
    routerOptions: { maxParamLength: limits.urlCharacters },
    return503OnClosing: false,
    clientErrorHandler: (error, socket) => rawErrors.refuse(error, socket),
    frameworkErrors: (error: unknown, request: FastifyRequest, reply: FastifyReply) => {
      const times = { answerMs: http.requestTimeoutMs, readMs: limits.readMs };
      const { requestId, traceId } = openExchange(request, reply, times);
      if (cors !== undefined) reply.headers(cors.fieldsFor(request.headers.origin));
      const answer = (cause: unknown) => {
        const refusal = refusalOf(cause, traceId);
        const { status, code } = refusal.problem;
        logger.info({ method: request.method, status, requestId, traceId, problem: code }, 'answered');
        sendProblem(reply.header('x-request-id', requestId), refusal);
      };
      // No hook runs for these: neither the one that writes this line for all others nor those that count.
      void Promise.resolve(countVisitor(plans, request, reply)).then(
        (limited) => answer(limited ?? error),
        answer,
      );
    },
  });
  const instance = adapter.getInstance<FastifyInstance>();
  // Nest's own would say an address that a client chose.
  adapter.setNotFoundHandler = () =>
    instance.setNotFoundHandler(() => {
      const { code, status, detail } = httpFacts(404);
      throw new Fault(code, status, detail);
    });
  rawErrors.watch(instance);
  boundConnections(instance, limits, isTrusted);
  // A request whose headers began at the last moment has its time for them.
  endIdleConnections(instance.server, { afterMs: keepAliveMs + limits.headersMs, everyMs: 1_000 });
  takeOnlyJson(instance, limits);
  return adapter;
}
