import { Module, type DynamicModule, type Provider, type Type } from '@nestjs/common';
import { APP_FILTER, APP_GUARD, DiscoveryModule, Reflector } from '@nestjs/core';
import type { Logger } from '@facet/platform';
import { AccessGuard } from './access/guard.js';
import type { GatewayAuth } from './auth.js';
import { PlanGuard } from './policy/plan.guard.js';
import type { Plans } from './policy/plans.js';
import { ProblemFilter } from './problems/filter.js';

export interface GatewayModuleOptions {
  /** What the gateway is made of. */
  readonly module: Type | DynamicModule;
  readonly logger: Logger;
  readonly auth: GatewayAuth | undefined;
  readonly plans: Plans | undefined;
}

/** What holds for every route: who may use it, how often, and what its errors look like. */
@Module({})
export class GatewayModule {
  static of({ module, logger, auth, plans }: GatewayModuleOptions): DynamicModule {
    return {
      module: GatewayModule,
      imports: [DiscoveryModule, module],
      providers: [
        { provide: APP_FILTER, useValue: new ProblemFilter(logger) },
        {
          provide: APP_GUARD,
          inject: [Reflector],
          useFactory: (reflector: Reflector) => new AccessGuard(reflector, auth),
        },
        ...(plans === undefined ? [] : [planGuard(plans)]),
      ],
    };
  }
}

/** After the access guard: by then it is known whom a request counts for. */
function planGuard(plans: Plans): Provider {
  return {
    provide: APP_GUARD,
    inject: [Reflector],
    useFactory: (reflector: Reflector) => new PlanGuard(plans, reflector),
  };
}
