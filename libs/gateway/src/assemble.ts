import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { FastifyInstance } from 'fastify';
import type { Logger } from '@facet/platform';
import type { CompressionPolicy } from '@facet/policy';
import { rememberIncoming, type IncomingTools } from './answers/incoming.js';
import type { GatewayAuth } from './auth.js';
import type { GatewayConfig } from './config.js';
import type { CreatedApp } from './create-app.js';
import { exchangeOf, openExchange, type ExchangeTimes } from './exchange/exchange.js';
import { reportFinished } from './exchange/finished.js';
import { ANSWERED, runSteps, type Step } from './exchange/steps.js';
import { compressAnswers } from './http/compression.js';
import { refuseOtherMethods } from './http/methods.js';
import { takeExpectations } from './http/odd-requests.js';
import { setSecurityHeaders } from './http/security-headers.js';
import { stripProxyHeaders } from './http/trusted-proxies.js';
import { serveDocs } from './openapi/docs.js';
import { openApiDocument, type DocumentOptions } from './openapi/document.js';
import type { GatewayOptions } from './options.js';
import { countGuesses } from './policy/early.js';
import type { PolicyInForce } from './policy/in-force.js';
import { ProblemFilter } from './problems/filter.js';
import { registerBeside } from './routes/beside.js';
import { answerDirectly } from './routes/direct.js';
import type { Route } from './routes/route.js';

/** What a gateway does with its requests before and around its routes. */
export interface Assembly {
  readonly name: string;
  readonly config: GatewayConfig;
  readonly logger: Logger;
  readonly tools: IncomingTools;
  readonly times: ExchangeTimes;
  readonly auth: GatewayAuth | undefined;
  readonly policy: PolicyInForce;
  readonly compression: CompressionPolicy | undefined;
  /** For every request, as soon as its headers are there. */
  readonly arriving: readonly Step[];
  /** For every route's, once its body is there. */
  readonly admitting: readonly Step[];
}

/** Gives the application what lies round its routes: contexts, documents, pages. Nothing listens yet. */
export async function assemble(
  { app, table, direct }: CreatedApp,
  { pages, extend }: Pick<GatewayOptions, 'pages' | 'extend'>,
  assembly: Assembly,
): Promise<{ readonly leave: () => void }> {
  const { auth, policy, compression } = assembly;
  const instance: FastifyInstance = app.getHttpAdapter().getInstance();
  takeExpectations(instance);
  openExchanges(instance, assembly, (method, path) => table.at(method, path));
  if (policy.plans !== undefined) countGuesses(instance, policy.plans, auth?.authenticator);
  if (compression !== undefined) compressAnswers(instance, compression);
  const leave = askToCloseWhenLeaving(instance);
  const refuseOthers = refuseOtherMethods(instance);
  serveDocument(app, table.all, assembly);
  await extend?.(instance);
  const problems = new ProblemFilter(assembly.logger);
  answerDirectly(instance, direct, {
    ...{ steps: assembly.admitting, idempotency: policy.idempotency, problems },
  });
  const besides = [
    { plugin: auth?.routes, paths: auth?.paths ?? [] },
    { plugin: pages, paths: 'pages' as const },
  ];
  for (const beside of besides) await registerBeside(instance, { ...beside, plans: policy.plans }, problems);
  await app.init();
  refuseOthers();
  return { leave };
}

function serveDocument(
  app: NestFastifyApplication,
  routes: readonly Route[],
  { name, config, auth, policy }: Assembly,
): void {
  if (!config.docs) return;
  const document = documentOnce(app, {
    ...{ name, routes, beside: auth?.paths ?? [], authenticator: auth?.authenticator },
    counted: policy.plans !== undefined,
  });
  const instance: FastifyInstance = app.getHttpAdapter().getInstance();
  serveDocs(instance, name, document);
}

function documentOnce(app: NestFastifyApplication, options: DocumentOptions) {
  let document: ReturnType<typeof openApiDocument> | undefined;
  return () => (document ??= openApiDocument(app, options));
}

/** Every request begins with a context and ends with a line in the log and in the metrics. */
function openExchanges(
  instance: FastifyInstance,
  { config, times, tools, logger, arriving }: Assembly,
  routeAt: (method: string, path: string) => Route | undefined,
): void {
  const strip = stripProxyHeaders(config.http.trustedProxies);
  instance.addHook('onRequest', (request, reply, done) => {
    strip(request);
    setSecurityHeaders(reply);
    const exchange = openExchange(request, reply, times);
    reply.header('x-request-id', exchange.requestId);
    exchange.wantsServerTimes = tools.recorder.wantsServerTimes;
    exchange.route = routeAt(request.method, request.routeOptions.url ?? '');
    if (exchange.route !== undefined) reply.headers(exchange.route.fields);
    rememberIncoming({ ...tools, request, reply, exchange });
    const verdict = runSteps(arriving, exchange);
    const go = (late: unknown) => {
      if (late !== ANSWERED) done(late as Error | undefined);
    };
    if (verdict instanceof Promise) verdict.then(go, go);
    else go(verdict);
  });
  const finished = reportFinished({ ...tools, logger });
  instance.addHook('onResponse', (request, reply, done) => {
    const exchange = exchangeOf(request);
    if (exchange !== undefined) finished(exchange, { status: reply.statusCode, tookMs: reply.elapsedTime });
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
