import { Module, type DynamicModule, type Type } from '@nestjs/common';
import { APP_FILTER, APP_GUARD, DiscoveryModule, Reflector } from '@nestjs/core';
import type { Logger } from '@facet/platform';
import { AccessGuard } from './access/guard.js';
import type { GatewayAuth } from './auth.js';
import { ProblemFilter } from './problems/filter.js';

export interface GatewayModuleOptions {
  /** What the gateway is made of. */
  readonly module: Type | DynamicModule;
  readonly logger: Logger;
  readonly auth: GatewayAuth | undefined;
}

/** What holds for every route: who may use it, and what its errors look like. */
@Module({})
export class GatewayModule {
  static of({ module, logger, auth }: GatewayModuleOptions): DynamicModule {
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
      ],
    };
  }
}
