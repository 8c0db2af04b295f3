import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { Fault, type Logger } from '@facet/platform';
import type { RequestLimits } from './limits.js';
import type { GatewayConfig } from '../config.js';
import type { RateLimits } from '../rate-limit/rate-limits.js';
import { countAddress } from '../rate-limit/anonymous.js';
import type { ProblemFilter } from '../problems/filter.js';
import { httpFacts } from '../problems/problem.js';
import type { ReplyWriter } from '../reply/writer.js';
import { varies } from '../reply/vary.js';
import { RequestContext, setContext } from '../request/context.js';
import { noEndpoint } from '../request/endpoint.js';
import type { OpenRequests } from '../request/open-requests.js';
import type { Cors } from './cors.js';
import { GatewayAdapter } from './gateway-adapter.js';
import { boundConnections, endIdleConnections } from './connections.js';
import { takeOnlyJson } from './json-body.js';
import { RawErrors } from './raw-errors.js';
import { trustIn } from './trusted-proxies.js';

/** Longer than any answer takes: ends connections on which nothing moves at all. */
const IDLE_TIMEOUT_MS = 60_000;

export interface AdapterParts {
  readonly logger: Logger;
  readonly rateLimits: RateLimits | undefined;
  readonly cors: Cors | undefined;
  readonly writer: ReplyWriter;
  readonly problems: ProblemFilter;
  readonly requests: OpenRequests;
}

/** Fastify with every bound set before any code of ours runs. */
export function createAdapter(
  { http }: GatewayConfig,
  limits: RequestLimits,
  { logger, rateLimits, cors, writer, problems, requests }: AdapterParts,
): GatewayAdapter {
  const keepAliveMs = http.keepAliveMs ?? limits.keepAliveMs;
  const isTrusted = trustIn(http.trustedProxies);
  const rawErrors = new RawErrors(logger, cors);
  const options: ConstructorParameters<typeof GatewayAdapter>[0] = {
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
      // Most requests have no body: no stream is made for one.
      optimizeEmptyRequests: true,
    },
    trustProxy: http.trustedProxies.length > 0 && isTrusted,
    routerOptions: { maxParamLength: limits.urlCharacters },
    return503OnClosing: false,
    clientErrorHandler: (error, socket) => rawErrors.refuse(error, socket),
    frameworkErrors: (error: unknown, request: FastifyRequest, reply: FastifyReply) => {
      const context = new RequestContext(requests, request, reply, noEndpoint);
      setContext(request, context);
      if (cors !== undefined) {
        context.vary |= varies.origin;
        context.cors = cors.fieldsFor(request.headers.origin);
      }
      const answer = (cause: unknown) => problems.refuse(cause, context);
      // No hook runs for these, so that they are counted here.
      void Promise.resolve(countAddress(rateLimits, context)).then(
        (limited) => answer(limited ?? error),
        answer,
      );
    },
  };
  const adapter = new GatewayAdapter(options, writer);
  const instance = adapter.getInstance<FastifyInstance>();
  // Nest's own would say an address that a client chose.
  adapter.setNotFoundHandler = () =>
    instance.setNotFoundHandler(() => {
      const { code, status, detail } = httpFacts(404);
      throw new Fault(code, status, detail);
    });
  rawErrors.watch(instance);
  requests.attach(instance.server);
  boundConnections(instance, limits, isTrusted);
  // A request whose headers began at the last moment has its time for them.
  endIdleConnections(instance.server, { afterMs: keepAliveMs + limits.headersMs, everyMs: 1_000 });
  takeOnlyJson(instance, limits);
  return adapter;
}
