import type { DynamicModule, Type } from '@nestjs/common';
import type { AssertCaller } from '@facet/access';
import type { Caller } from '@facet/contracts';
import type { Policy } from './policy.js';
import type { AuthFactory, Plugin } from './auth.js';
import type { ConsoleFactory } from './console.js';
import type { UpstreamsOption } from './upstreams.js';
import type { GatewayConfig, GatewayConfigReader } from './config.js';
import type { Route } from './routes/route.js';
import type { FastifyInstance } from 'fastify';

export interface GatewayOptions<C extends GatewayConfig = GatewayConfig> {
  /** What clients can reach: `routes.ts`. */
  readonly routes?: readonly Route[];
  /** Controllers and providers of the gateway's own, where it has some. */
  readonly module?: Type | DynamicModule;
  readonly config: GatewayConfigReader<C>;
  /**
   * The version of its API, as its document says: `1` or `1.4.0`. The first number goes up where a change breaks clients that
   * nothing told before. Default `1`.
   */
  readonly version?: `${number}` | `${number}.${number}` | `${number}.${number}.${number}`;
  /** What it promises and what it refuses: `<gateway>.policy.ts`. What is left out has its default. */
  readonly policy?: Policy;
  /** How its services are called, where the defaults are not right: `{ catalog: { maxCallMs: 2_000 } }`. */
  readonly upstreams?: UpstreamsOption | ((config: C) => UpstreamsOption);
  /** How callers are proven; without one, every route must be public. */
  readonly auth?: AuthFactory<C>;
  /** How services are told on whose behalf they are called. */
  readonly assertCaller?: (config: C) => AssertCaller;
  /** Pages that are served beside the API, to everybody. */
  readonly pages?: Plugin;
  /** The page on the admin port that shows what the gateway does: `openConsole` of `@facet/console`. */
  readonly console?: ConsoleFactory;
  /** Fastify plugins, hooks and headers of the gateway's own; registered before its routes. */
  readonly extend?: (app: FastifyInstance) => void | Promise<void>;
  /** Who may ask how an answer was made, beside everybody outside of production. */
  readonly mayExplain?: (caller: Caller | undefined) => boolean;
}
