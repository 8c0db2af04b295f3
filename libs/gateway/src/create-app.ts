import { ModulesContainer, NestFactory } from '@nestjs/core';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { Authenticator } from '@facet/access';
import { nestLogger, StartError } from '@facet/platform';
import type { RequestLimits } from './http/limits.js';
import { refuseWeakRoutes } from './access/weak-routes.js';
import type { GatewayConfig } from './config.js';
import { GatewayModule, ListedRoutes, type GatewayModuleOptions } from './gateway.module.js';
import { createAdapter, type AdapterParts } from './http/adapter.js';
import { operationIds } from './openapi/operation-ids.js';
import type { ControllerRoute } from './routes/controllers.js';
import { mapRoute } from './routes/nest-controller.js';
import type { Route } from './routes/route.js';
import { operationsOf, servicesOf } from './routes/services.js';
import { RouteTable } from './routes/table.js';

interface Parts extends GatewayModuleOptions {
  readonly limits: RequestLimits;
  readonly adapter: AdapterParts;
  readonly authenticator: Authenticator | undefined;
}

export interface CreatedApp {
  readonly app: NestFastifyApplication;
  readonly table: RouteTable;
  /** The routes of `routes.ts` that nothing of Nest stands before. */
  readonly direct: readonly Route[];
}

/**
 * Creates the Nest application with everything that its module brings, and checks its routes.
 *
 * @throws StartError for a route that cannot be served as it says
 */
export async function createApp({ limits, adapter, authenticator, ...parts }: Parts): Promise<CreatedApp> {
  const app = await NestFactory.create<NestFastifyApplication>(
    GatewayModule.of(parts),
    createAdapter(parts.config, limits, adapter),
    { logger: nestLogger(parts.logger), bodyParser: false, abortOnError: false },
  );
  const table = app.get(RouteTable);
  check(table.all, parts.config, authenticator);
  operationIds(table.all);
  if (adapter.rateLimits === undefined) refuseUncounted(table.all);
  const listed = app.get<readonly ControllerRoute[]>(ListedRoutes);
  const isNests = hasEnhancers(app) ? () => true : ({ nest }: Route) => nest.length > 0;
  for (const each of listed) if (isNests(each.route)) mapRoute(each);
  return { app, table, direct: parts.routes.filter((route) => !isNests(route)) };
}

/** Nest keeps what stands before every route under such tokens. */
const ENHANCER = /^APP_(?:GUARD|PIPE|INTERCEPTOR|FILTER)\b/;

/** Whether modules of the gateway's own put something before every route. */
function hasEnhancers(app: NestFastifyApplication): boolean {
  return [...app.get(ModulesContainer).values()]
    .filter(({ metatype }) => metatype !== GatewayModule)
    .flatMap(({ providers, injectables }) => [...providers.keys(), ...injectables.keys()])
    .some((token) => typeof token === 'string' && ENHANCER.test(token));
}

/** A limit of a route's own that nothing counts would be a limit in name alone. */
function refuseUncounted(routes: readonly Route[]): void {
  const uncounted = routes
    .filter(({ limits }) => limits.hasOwn)
    .map(({ method, path }) => `${method} ${path}`);
  if (uncounted.length > 0) {
    throw new StartError(
      `@Throttle counts with the rate limits of the gateway's policy, which has none; give it "rateLimits" for ${uncounted.join(', ')}`,
    );
  }
}

function check(
  routes: readonly Route[],
  config: GatewayConfig,
  authenticator: Authenticator | undefined,
): void {
  const unknown = servicesOf(routes).called.filter((service) => !(service in config.services));
  if (unknown.length > 0)
    throw new StartError(`routes call ${unknown.join(', ')}, which the configuration does not place`);
  refuseWeakRoutes(routes.map((route) => ({ ...route, calls: operationsOf(route) })));
  const closed = routes
    .filter(({ access }) => access !== 'public')
    .map(({ method, path }) => `${method} ${path}`);
  if (authenticator === undefined && closed.length > 0) {
    throw new StartError(
      `nobody can be proven here, so these routes can never be used: ${closed.join(', ')}`,
    );
  }
}
