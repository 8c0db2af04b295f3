import { type Audit, auditTo, type Authenticator, type PluginRoute } from '@facet/access';
import type { Logger } from '@facet/platform';
import { webSessionOptions, type SessionConfig } from './config.js';
import type { IssuerTrouble } from './issuer-faults.js';
import { sessionPaths } from './paths.js';
import { sessionRoutes } from './plugin.js';
import { createWebSessions } from './web-sessions.js';

export interface WebSignInOptions {
  /** The gateway's name, for the faults of its configuration. */
  readonly name: string;
  readonly config: SessionConfig;
  readonly logger: Logger;
  /** The log where absent. */
  readonly audit?: Audit;
}

/** Sign-in for browsers as a gateway takes it. */
export interface WebSignIn {
  readonly authenticator: Authenticator;
  readonly audit: Audit;
  /** The routes below /auth, a Fastify plugin. */
  readonly routes: ReturnType<typeof sessionRoutes>;
  readonly paths: readonly PluginRoute[];
  readonly checks: Readonly<Record<string, () => Promise<void>>>;
  close(): Promise<void>;
}

const MISCONFIGURED =
  'the issuer refuses this gateway: check OIDC_CLIENT_ID, OIDC_CLIENT_SECRET, OIDC_CLIENT_AUTH, OIDC_SCOPE and PUBLIC_ORIGIN against its client there';

/** @throws ConfigError for what production does not allow */
export function sessionSignIn({
  name,
  config,
  logger,
  audit = auditTo(logger),
}: WebSignInOptions): WebSignIn {
  const options = webSessionOptions(name, config);
  const onStoreError = (error: Error) => logger.warn({ err: error }, 'the session store cannot be reached');
  const onIssuerTrouble = ({ fault, reason }: IssuerTrouble) => {
    const issuer = options.issuer;
    if (reason === undefined) logger.warn({ issuer, err: fault.cause }, 'the issuer cannot be reached');
    else logger.error({ issuer, clientId: options.clientId, reason }, MISCONFIGURED);
  };
  const sessions = createWebSessions({ ...options, audit, onStoreError, onIssuerTrouble });
  return {
    authenticator: sessions.authenticator,
    audit,
    routes: sessionRoutes({ endpoints: sessions.endpoints, publicOrigin: options.publicOrigin, audit }),
    paths: sessionPaths,
    checks: { sessions: () => sessions.check() },
    close: () => sessions.close(),
  };
}
