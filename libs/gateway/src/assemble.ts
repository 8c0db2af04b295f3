import { DiscoveryService, MetadataScanner, NestFactory, Reflector } from '@nestjs/core';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { FastifyInstance } from 'fastify';
import { nestLogger, StartError, type Authenticator, type Logger } from '@facet/platform';
import type { Upstreams } from '@facet/routing';
import { rememberIncoming, type IncomingTools } from './answers/incoming.js';
import type { GatewayAuth } from './auth.js';
import type { GatewayConfig } from './config.js';
import { Backend } from './exchange/backend.js';
import { exchangeOf, openExchange } from './exchange/exchange.js';
import type { GatewayOptions } from './gateway.js';
import { GatewayModule } from './gateway.module.js';
import { createAdapter } from './http/adapter.js';
import { refuseOtherMethods } from './http/methods.js';
import type { GatewayMetrics } from './metrics.js';
import { serveDocs } from './openapi/docs.js';
import { openApiDocument, type DocumentOptions } from './openapi/document.js';
import { listRoutes, servicesOf, type ListedRoute } from './routes/list.js';

interface Parts<C> {
  readonly config: C;
  readonly logger: Logger;
  readonly upstreams: Upstreams;
  readonly metrics: GatewayMetrics;
  readonly auth: GatewayAuth | undefined;
}

export interface Assembled {
  readonly app: NestFastifyApplication;
  readonly routes: readonly ListedRoute[];
  /** From now on every answer asks the client to close its connection. */
  readonly leave: () => void;
}

/** Puts the Nest application together; nothing listens yet. */
export async function assemble<C extends GatewayConfig>(
  options: GatewayOptions<C>,
  { config, logger, upstreams, metrics, auth }: Parts<C>,
): Promise<Assembled> {
  const authenticator = auth?.authenticator;
  const adapter = createAdapter(config);
  const instance: FastifyInstance = adapter.getInstance();
  const backend = new Backend(upstreams, options.assertCaller?.(config));
  const mayExplain: IncomingTools['mayExplain'] = (caller) =>
    !config.production || !!options.mayExplain?.(caller);
  openExchanges(instance, { config, logger, tools: { backend, metrics, mayExplain } });
  const leave = askToCloseWhenLeaving(instance);
  const refuseOthers = refuseOtherMethods(instance);

  const app = await NestFactory.create<NestFastifyApplication>(
    GatewayModule.of({ module: options.module, logger, auth }),
    adapter,
    { logger: nestLogger(logger), bodyParser: false, abortOnError: false },
  );
  const routes = listRoutes({
    discovery: app.get(DiscoveryService),
    scanner: new MetadataScanner(),
    reflector: app.get(Reflector),
  });
  check(routes, config, authenticator);
  if (config.docs)
    serveDocs(
      instance,
      options.config.gateway,
      documentOnce(app, { name: options.config.gateway, routes, authenticator }),
    );
  for (const plugin of [auth?.routes, options.pages]) {
    if (plugin !== undefined) await instance.register(plugin);
  }
  await app.init();
  refuseOthers();
  return { app, routes, leave };
}

function check(
  routes: readonly ListedRoute[],
  config: GatewayConfig,
  authenticator: Authenticator | undefined,
): void {
  const unknown = servicesOf(routes).called.filter((service) => !(service in config.services));
  if (unknown.length > 0)
    throw new StartError(`routes call ${unknown.join(', ')}, which the configuration does not place`);
  const closed = routes
    .filter(({ access }) => access !== 'public')
    .map(({ method, path }) => `${method} ${path}`);
  if (authenticator === undefined && closed.length > 0) {
    throw new StartError(
      `nobody can be proven here, so these routes can never be used: ${closed.join(', ')}`,
    );
  }
}

function documentOnce(app: NestFastifyApplication, options: DocumentOptions) {
  let document: ReturnType<typeof openApiDocument> | undefined;
  return () => (document ??= openApiDocument(app, options));
}

interface ExchangeParts {
  readonly config: GatewayConfig;
  readonly logger: Logger;
  readonly tools: IncomingTools;
}

/** Every request begins with a context and ends with a line in the log and in the metrics. */
function openExchanges(instance: FastifyInstance, { config, logger, tools }: ExchangeParts): void {
  instance.addHook('onRequest', (request, reply, done) => {
    const exchange = openExchange(request, reply, config.http.requestTimeoutMs);
    reply.header('x-request-id', exchange.requestId);
    rememberIncoming({ ...tools, request, reply, exchange });
    done();
  });
  instance.addHook('onResponse', (request, reply, done) => {
    const { method } = request;
    const route = request.routeOptions.url ?? 'none';
    const status = reply.statusCode;
    tools.metrics.requested({ method, route, status, seconds: reply.elapsedTime / 1_000 });
    const { requestId, traceId, problem } = exchangeOf(request) ?? {};
    const tookMs = Math.round(reply.elapsedTime * 10) / 10;
    logger.info({ method, route, status, tookMs, requestId, traceId, problem }, 'answered');
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
