import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { FastifyInstance, onSendHookHandler } from 'fastify';
import type { Logger } from '@facet/platform';
import { GatewayRequest, type RequestTools } from './answers/gateway-request.js';
import type { GatewayAuth } from './auth.js';
import type { ResponseCache } from './cache/response-cache.js';
import { mayBeShared, SharedAnswers } from './cache/shared-answers.js';
import type { GatewayConfig } from './config.js';
import type { CreatedApp } from './create-app.js';
import { HAS_PROXY_FIELDS, scanHeaders } from './http/header-scan.js';
import { refuseOtherMethods } from './http/methods.js';
import { takeExpectations } from './http/request-validation.js';
import { stripProxyHeaders } from './http/trusted-proxies.js';
import type { UserHooks } from './http/user-hooks.js';
import { serveDocs } from './openapi/docs.js';
import { openApiDocument, type DocumentOptions } from './openapi/document.js';
import type { GatewayOptions } from './options.js';
import { countGuesses } from './rate-limit/penalties.js';
import type { Policies } from './policies.js';
import { shedReleased } from './shedding/shed.js';
import type { ProblemFilter } from './problems/filter.js';
import type { ReplyWriter } from './reply/writer.js';
import { contextOf, setContext } from './request/context.js';
import { endpointOf, noEndpoint } from './request/endpoint.js';
import { reportFinished } from './request/finished.js';
import type { OpenRequests } from './request/open-requests.js';
import { ANSWERED, runSteps, type Step } from './request/steps.js';
import { registerPluginRoutes } from './routes/plugin-routes.js';
import { answerDirectly } from './routes/direct.js';
import type { Route } from './routes/route.js';
import type { RouteTable } from './routes/table.js';

/** What a gateway does with its requests before and around its routes. */
export interface Assembly {
  readonly name: string;
  readonly config: GatewayConfig;
  readonly logger: Logger;
  readonly tools: RequestTools;
  readonly requests: OpenRequests;
  readonly auth: GatewayAuth | undefined;
  readonly policy: Policies;
  readonly problems: ProblemFilter;
  readonly writer: ReplyWriter;
  readonly hooks: UserHooks;
  readonly responses: ResponseCache | undefined;
  /** For every request, as soon as its headers are there. */
  readonly arriving: readonly Step[];
  /** For a route, once its body is there. */
  readonly stepsFor: (route: Route | undefined) => readonly Step[];
}

/** Gives the application what lies round its routes: contexts, documents, pages. Nothing listens yet. */
export async function assemble(
  { app, table, direct }: CreatedApp,
  { version, pages, extend }: Pick<GatewayOptions, 'version' | 'pages' | 'extend'>,
  assembly: Assembly,
): Promise<void> {
  const { auth, policy, requests, problems, writer, tools, logger, hooks, stepsFor, responses } = assembly;
  const instance: FastifyInstance = app.getHttpAdapter().getInstance();
  takeExpectations(instance);
  nameEndpoints(instance, table, writer);
  openRequests(instance, assembly);
  requests.onEnded(reportFinished({ ...tools, logger }));
  if (policy.rateLimits !== undefined) countGuesses(requests, policy.rateLimits, auth?.authenticator);
  if (policy.shedder !== undefined) requests.onReleased(shedReleased(policy.shedder));
  const refuseOthers = refuseOtherMethods(instance);
  serveDocument(app, table.all, { ...assembly, version });
  hooks.watch(instance);
  await extend?.(instance);
  answerDirectly(instance, direct, {
    ...{ stepsFor, idempotency: policy.idempotency, problems, writer },
    sharedFor: (route) =>
      responses !== undefined && mayBeShared(route) ? new SharedAnswers(responses, writer, route) : undefined,
    endpointFor: (route) => endpointOf(route.path, { route, isDirect: true }),
  });
  const besides = [
    { plugin: auth?.routes, paths: auth?.paths ?? [] },
    { plugin: pages, paths: 'pages' as const },
  ];
  for (const beside of besides)
    await registerPluginRoutes(instance, { ...beside, rateLimits: policy.rateLimits }, problems);
  await app.init();
  refuseOthers();
}

function serveDocument(
  app: NestFastifyApplication,
  routes: readonly Route[],
  { name, version, config, auth, policy }: Assembly & Pick<GatewayOptions, 'version'>,
): void {
  if (!config.docs) return;
  const document = documentOnce(app, {
    ...{ name, version, routes, beside: auth?.paths ?? [], authenticator: auth?.authenticator },
    counted: policy.rateLimits !== undefined,
    sheds: policy.shedder !== undefined,
  });
  const instance: FastifyInstance = app.getHttpAdapter().getInstance();
  serveDocs(instance, name, document);
}

function documentOnce(app: NestFastifyApplication, options: DocumentOptions) {
  let document: ReturnType<typeof openApiDocument> | undefined;
  return () => (document ??= openApiDocument(app, options));
}

/** Says of each address of the HTTP server what is known of it, and completes the answers that Fastify sends there. */
function nameEndpoints(instance: FastifyInstance, table: RouteTable, writer: ReplyWriter): void {
  const completeReply: onSendHookHandler = (request, _reply, payload, done) => {
    const context = contextOf(request);
    const completed = context === undefined ? payload : writer.complete(context, payload);
    if (completed instanceof Promise) completed.then((late: unknown) => done(null, late), done);
    else done(null, completed);
  };
  instance.addHook('onRoute', (options) => {
    const [method = ''] = [options.method].flat();
    const route = table.at(method, options.url);
    const countsAddress = options.config?.countsAddress === true;
    const endpoint = options.config?.endpoint ?? endpointOf(options.url, { route, countsAddress });
    options.config = { ...options.config, endpoint };
    const hooks = [options.onSend ?? []].flat();
    // That of HEAD, which Fastify adds, has it already.
    if (!hooks.includes(completeReply)) options.onSend = [...hooks, completeReply];
  });
}

/** Every request begins with a context. */
function openRequests(instance: FastifyInstance, { config, tools, arriving, problems }: Assembly): void {
  const strip = stripProxyHeaders(config.http.trustedProxies);
  instance.addHook('onRequest', (raw, reply, done) => {
    const flags = scanHeaders(raw.raw.rawHeaders);
    if ((flags & HAS_PROXY_FIELDS) !== 0) strip(raw);
    const endpoint = raw.is404 ? noEndpoint : (raw.routeOptions.config.endpoint ?? noEndpoint);
    const request = new GatewayRequest(tools, raw, reply, endpoint);
    request.headerFlags = flags;
    setContext(raw, request);
    const refusal = runSteps(arriving, request);
    if (refusal === undefined) return done();
    const go = (late: unknown) => {
      if (late === undefined) done();
      else if (late !== ANSWERED) problems.refuse(late, request);
    };
    if (refusal instanceof Promise) refusal.then(go, go);
    else go(refusal);
  });
}
