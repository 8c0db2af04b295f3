import type { Call } from '@facet/contracts';
import type { Audit, Authenticator, PluginRoute } from '@facet/access';
import type { Check, Logger } from '@facet/platform';
import type { FastifyInstance } from 'fastify';

/** Routes that guard themselves and stand beside the API: a sign-in, a page. */
export type Plugin = (app: FastifyInstance) => Promise<void>;

/** How a gateway proves its callers, and what that takes while it runs. */
export interface GatewayAuth {
  readonly authenticator: Authenticator;
  /** Told of every caller who was turned away. */
  readonly audit?: Audit;
  /** Signing in and out, where that happens here. */
  readonly routes?: Plugin;
  /** What those routes are: each of them, and no other. */
  readonly paths?: readonly PluginRoute[];
  /** What must answer before callers can be proven, by name: the gateway is not ready before each of them has. */
  readonly checks?: Readonly<Record<string, Check>>;
  /**
   * Called once where the gateway starts: fetches beside it what the first request would wait for. A gateway that only
   * describes itself makes this object too, so that nothing is fetched before.
   */
  warm?(): void;
  close?(): Promise<void>;
}

/** Makes it from the gateway's configuration. */
export type AuthFactory<C> = (parts: {
  readonly config: C;
  readonly logger: Logger;
  /** The services, called by the gateway for itself. */
  readonly call: Call;
  /** Takes what happens to the rights of callers; logs and counts it. */
  readonly audit: Audit;
}) => GatewayAuth | Promise<GatewayAuth>;
