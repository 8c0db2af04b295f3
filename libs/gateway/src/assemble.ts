import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { FastifyInstance } from 'fastify';
import { plainLogger, type Logger } from '@facet/platform';
import { limitsOf } from '@facet/policy';
import { rememberIncoming, type IncomingTools } from './answers/incoming.js';
import type { GatewayAuth } from './auth.js';
import type { GatewayConfig } from './config.js';
import type { Backend } from './exchange/backend.js';
import { exchangeOf, openExchange, type ExchangeTimes } from './exchange/exchange.js';
import type { GatewayOptions } from './options.js';
import type { CreatedApp } from './create-app.js';
import { refuseOtherMethods } from './http/methods.js';
import { refuseOddRequests } from './http/odd-requests.js';
import { ProblemFilter } from './problems/filter.js';
import { setSecurityHeaders } from './http/security-headers.js';
import { stripProxyHeaders } from './http/trusted-proxies.js';
import type { GatewayMetrics } from './metrics.js';
import { serveDocs } from './openapi/docs.js';
import { openApiDocument, type DocumentOptions } from './openapi/document.js';
import { compressAnswers } from './http/compression.js';
import { answerPreflights, setCorsFields, type Cors } from './http/cors.js';
import { refuseEarly } from './policy/early.js';
import type { PolicyInForce } from './policy/in-force.js';
import { shed } from './policy/shedding.js';
import { countVisitors } from './policy/visitors.js';
import { registerBeside } from './routes/beside.js';
import { announceDeprecations } from './routes/deprecation.js';
import type { Sagas } from './sagas/sagas.js';

interface Parts<C> {
  readonly config: C;
  readonly logger: Logger;
  readonly backend: Backend;
  readonly metrics: GatewayMetrics;
  readonly sagas: Sagas;
  readonly auth: GatewayAuth | undefined;
  readonly policy: PolicyInForce;
  readonly cors: Cors | undefined;
}

/** Gives the application what lies round its routes: contexts, documents, pages. Nothing listens yet. */
export async function assemble<C extends GatewayConfig>(
  { app, routes }: CreatedApp,
  options: GatewayOptions<C>,
  { config, logger, backend, metrics, sagas, auth, cors, policy: { plans, shedder } }: Parts<C>,
): Promise<{ readonly leave: () => void }> {
  const name = options.config.gateway;
  const instance: FastifyInstance = app.getHttpAdapter().getInstance();
  const mayExplain: IncomingTools['mayExplain'] = (caller) =>
    !config.production || !!options.mayExplain?.(caller);
  stripProxyHeaders(instance, config.http.trustedProxies);
  const limits = limitsOf(options.policy?.limits);
  const times = { answerMs: config.http.requestTimeoutMs, readMs: limits.readMs };
  openExchanges(instance, { times, logger, tools: { backend, metrics, sagas, plans, mayExplain } });
  if (cors !== undefined) setCorsFields(instance, cors);
  if (plans !== undefined) refuseEarly(instance, plans, auth?.authenticator);
  if (shedder !== undefined) shed(instance, { shedder, routes, metrics });
  const { compression } = options.policy ?? {};
  if (compression !== undefined) compressAnswers(instance, compression);
  refuseOddRequests(instance, limits);
  if (cors !== undefined) answerPreflights(instance, cors);
  if (plans !== undefined) countVisitors(instance, plans);
  announceDeprecations(instance, routes);
  const leave = askToCloseWhenLeaving(instance);
  const refuseOthers = refuseOtherMethods(instance);
  if (config.docs) {
    serveDocs(
      instance,
      name,
      documentOnce(app, {
        name,
        routes,
        beside: auth?.paths ?? [],
        authenticator: auth?.authenticator,
        counted: plans !== undefined,
      }),
    );
  }
  const problems = new ProblemFilter(logger);
  const besides = [
    { plugin: auth?.routes, paths: auth?.paths ?? [] },
    { plugin: options.pages, paths: 'pages' as const },
  ];
  for (const beside of besides) await registerBeside(instance, { ...beside, plans }, problems);
  await app.init();
  refuseOthers();
  return { leave };
}

function documentOnce(app: NestFastifyApplication, options: DocumentOptions) {
  let document: ReturnType<typeof openApiDocument> | undefined;
  return () => (document ??= openApiDocument(app, options));
}

interface ExchangeParts {
  readonly times: ExchangeTimes;
  readonly logger: Logger;
  readonly tools: IncomingTools;
}

/** Every request begins with a context and ends with a line in the log and in the metrics. */
function openExchanges(instance: FastifyInstance, { times, logger, tools }: ExchangeParts): void {
  const plain = plainLogger(logger);
  instance.addHook('onRequest', (request, reply, done) => {
    setSecurityHeaders(reply);
    const exchange = openExchange(request, reply, times);
    reply.header('x-request-id', exchange.requestId);
    rememberIncoming({ ...tools, request, reply, exchange });
    done();
  });
  instance.addHook('onResponse', (request, reply, done) => {
    const { method } = request;
    const route = request.routeOptions.url ?? 'none';
    const status = reply.statusCode;
    tools.metrics.requested({ method, route, status, seconds: reply.elapsedTime / 1_000 });
    const { requestId, traceId, problem, because } = exchangeOf(request) ?? {};
    const tookMs = Math.round(reply.elapsedTime * 10) / 10;
    const line = { method, route, status, tookMs, requestId, traceId };
    if (problem === undefined) plain.info(line, 'answered');
    // Why it was refused may be in a service's words.
    else logger.info({ ...line, problem, ...because }, 'answered');
    done();
  });
}

function askToCloseWhenLeaving(instance: FastifyInstance): () => void {
  let isLeaving = false;
  instance.addHook('onSend', (_request, reply, _payload, done) => {
    if (isLeaving) reply.header('connection', 'close');
    done();
  });
  return () => {
    isLeaving = true;
  };
}
