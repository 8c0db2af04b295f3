import { Module, type DynamicModule, type Provider, type Type } from '@nestjs/common';
import { APP_FILTER, APP_GUARD, APP_INTERCEPTOR, DiscoveryModule, Reflector } from '@nestjs/core';
import type { Logger } from '@facet/platform';
import type { IdempotencyKeys } from '@facet/policy';
import { AccessGuard, ProofGuard } from './access/guard.js';
import type { GatewayAuth } from './auth.js';
import type { PolicyInForce } from './policy/in-force.js';
import { OnceInterceptor } from './policy/once.interceptor.js';
import { PlanGuard } from './policy/plan.guard.js';
import type { Plans } from './policy/plans.js';
import { ProblemFilter } from './problems/filter.js';

export interface GatewayModuleOptions {
  /** What the gateway is made of. */
  readonly module: Type | DynamicModule;
  readonly logger: Logger;
  readonly auth: GatewayAuth | undefined;
  readonly policy: PolicyInForce;
}

/** What holds for every route: who may use it, how often, and what its errors look like. */
@Module({})
export class GatewayModule {
  static of({ module, logger, auth, policy: { plans, keys } }: GatewayModuleOptions): DynamicModule {
    return {
      module: GatewayModule,
      imports: [DiscoveryModule, module],
      providers: [
        { provide: APP_FILTER, useValue: new ProblemFilter(logger) },
        // Who is refused has been counted before: as who they are, or by their address.
        { provide: APP_GUARD, useValue: new ProofGuard(auth, plans) },
        ...(plans === undefined ? [] : [planGuard(plans)]),
        {
          provide: APP_GUARD,
          inject: [Reflector],
          useFactory: (reflector: Reflector) => new AccessGuard(reflector, auth),
        },
        ...(keys === undefined ? [] : [once(keys)]),
      ],
    };
  }
}

function planGuard(plans: Plans): Provider {
  return {
    provide: APP_GUARD,
    inject: [Reflector],
    useFactory: (reflector: Reflector) => new PlanGuard(plans, reflector),
  };
}

function once(keys: IdempotencyKeys): Provider {
  return {
    provide: APP_INTERCEPTOR,
    inject: [Reflector],
    useFactory: (reflector: Reflector) => new OnceInterceptor(keys, reflector),
  };
}
