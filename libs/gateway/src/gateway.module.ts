import { Global, Module, type DynamicModule, type Provider, type Type } from '@nestjs/common';
import { APP_FILTER, APP_GUARD, DiscoveryModule, DiscoveryService } from '@nestjs/core';
import type { Call } from '@facet/contracts';
import type { Logger } from '@facet/platform';
import { AdmissionGuard } from './access/admission.guard.js';
import type { GatewayConfig } from './config.js';
import type { Step } from './request/steps.js';
import type { Idempotency } from './idempotency/idempotency.js';
import type { ProblemFilter } from './problems/filter.js';
import { routesOfControllers, type ControllerRoute } from './routes/controllers.js';
import { IDEMPOTENCY } from './idempotency/idempotency.interceptor.js';
import { nestController } from './routes/nest-controller.js';
import type { Route } from './routes/route.js';
import { RouteTable } from './routes/table.js';

/** The gateway's configuration, for providers of one's own: `@Inject(GATEWAY_CONFIG) config: GatewayConfig`. */
export const GATEWAY_CONFIG = Symbol('gateway config');
/** The gateway's logger, a pino `Logger`. */
export const GATEWAY_LOGGER = Symbol('gateway logger');
/** The services, called by the gateway for itself: a `Call` of `@facet/contracts`. */
export const SERVICE_CALLS = Symbol('service calls');

export interface GatewayModuleOptions {
  /** What the gateway has beside `routes`: controllers and providers of its own. */
  readonly module: Type | DynamicModule | undefined;
  readonly routes: readonly Route[];
  readonly config: GatewayConfig;
  readonly logger: Logger;
  readonly call: Call;
  /** What is done for every route before it is answered. */
  readonly stepsFor: (route: Route | undefined) => readonly Step[];
  readonly problems: ProblemFilter;
  readonly idempotency: Idempotency | undefined;
}

/** What holds for every route: who may use it, how often, and what its errors look like. */
@Global()
@Module({})
export class GatewayModule {
  static of(options: GatewayModuleOptions): DynamicModule {
    const { module, routes, config, logger, call, stepsFor, problems, idempotency } = options;
    const listed = nestController(routes);
    const own: Provider[] = [
      { provide: GATEWAY_CONFIG, useValue: config },
      { provide: GATEWAY_LOGGER, useValue: logger },
      { provide: SERVICE_CALLS, useValue: call },
      { provide: IDEMPOTENCY, useValue: idempotency },
      { provide: ListedRoutes, useValue: listed.routes },
      {
        provide: RouteTable,
        inject: [DiscoveryService],
        useFactory: (discovery: DiscoveryService) => tableOf(routes, discovery, listed),
      },
    ];
    return {
      module: GatewayModule,
      imports: [DiscoveryModule, ...(module === undefined ? [] : [module])],
      controllers: [listed.controller],
      providers: [
        ...own,
        { provide: APP_FILTER, useValue: problems },
        {
          provide: APP_GUARD,
          inject: [RouteTable],
          useFactory: (table: RouteTable) => new AdmissionGuard(stepsFor, table),
        },
      ],
      exports: [GATEWAY_CONFIG, GATEWAY_LOGGER, SERVICE_CALLS, IDEMPOTENCY, RouteTable],
    };
  }
}

/** The routes of `routes.ts` as Nest can answer them. */
export const ListedRoutes = Symbol('listed routes');

function tableOf(
  routes: readonly Route[],
  discovery: DiscoveryService,
  listed: ReturnType<typeof nestController>,
): RouteTable {
  const controllers = discovery
    .getControllers()
    .map(({ metatype }) => metatype as Type)
    .filter((each) => typeof each === 'function' && each !== listed.controller);
  const table = new RouteTable(routes, routesOfControllers(controllers));
  for (const { route, controller, handler } of listed.routes) table.answeredBy(route, controller, handler);
  return table;
}

export type { ControllerRoute };
