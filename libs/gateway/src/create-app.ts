import { DiscoveryService, MetadataScanner, NestFactory, Reflector } from '@nestjs/core';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { Authenticator } from '@facet/access';
import { type Logger, nestLogger, StartError } from '@facet/platform';
import { limitsOf } from '@facet/policy';
import { refuseWeakRoutes } from './access/weak-routes.js';
import type { GatewayAuth } from './auth.js';
import type { GatewayConfig } from './config.js';
import type { GatewayOptions } from './options.js';
import { GatewayModule } from './gateway.module.js';
import type { Cors } from './http/cors.js';
import { createAdapter } from './http/adapter.js';
import type { PolicyInForce } from './policy/in-force.js';
import { listRoutes, operationsOf, servicesOf, type ListedRoute } from './routes/list.js';

interface Parts<C> {
  readonly config: C;
  readonly logger: Logger;
  readonly auth: GatewayAuth | undefined;
  readonly policy: PolicyInForce;
  readonly cors: Cors | undefined;
}

export interface CreatedApp {
  readonly app: NestFastifyApplication;
  readonly routes: readonly ListedRoute[];
}

/**
 * Creates the Nest application with everything that its module brings, and checks its routes.
 *
 * @throws StartError for a route that cannot be served as it says
 */
export async function createApp<C extends GatewayConfig>(
  { module, policy: { limits: given } = {} }: GatewayOptions<C>,
  { config, logger, auth, policy, cors }: Parts<C>,
): Promise<CreatedApp> {
  const app = await NestFactory.create<NestFastifyApplication>(
    GatewayModule.of({ module, logger, auth, policy }),
    createAdapter(config, limitsOf(given), { logger, plans: policy.plans, cors }),
    { logger: nestLogger(logger), bodyParser: false, abortOnError: false },
  );
  const discovery = app.get(DiscoveryService);
  const routes = listRoutes({ discovery, scanner: new MetadataScanner(), reflector: app.get(Reflector) });
  check(routes, config, auth?.authenticator);
  return { app, routes };
}

function check(
  routes: readonly ListedRoute[],
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
