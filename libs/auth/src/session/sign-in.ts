import { type Audit, auditTo, type Authenticator, type BesideRoute } from '@facet/access';
import type { Logger } from '@facet/platform';
import { webSessionOptions, type SessionConfig } from './config.js';
import { sessionPaths } from './paths.js';
import { sessionRoutes } from './plugin.js';
import { createWebSessions } from './web-sessions.js';

export interface WebSignInOptions {
  /** The gateway's name, for the faults of its configuration. */
  readonly name: string;
  readonly config: SessionConfig;
  readonly logger: Logger;
}

/** Sign-in for browsers as a gateway takes it. */
export interface WebSignIn {
  readonly authenticator: Authenticator;
  readonly audit: Audit;
  /** The routes below /auth, a Fastify plugin. */
  readonly routes: ReturnType<typeof sessionRoutes>;
  readonly paths: readonly BesideRoute[];
  readonly checks: Readonly<Record<string, () => Promise<void>>>;
  close(): Promise<void>;
}

/** @throws ConfigError for what production does not allow */
export function sessionSignIn({ name, config, logger }: WebSignInOptions): WebSignIn {
  const options = webSessionOptions(name, config);
  const audit = auditTo(logger);
  const onStoreError = (error: Error) => logger.warn({ err: error }, 'the session store cannot be reached');
  const sessions = createWebSessions({ ...options, audit, onStoreError });
  return {
    authenticator: sessions.authenticator,
    audit,
    routes: sessionRoutes({ endpoints: sessions.endpoints, publicOrigin: options.publicOrigin, audit }),
    paths: sessionPaths,
    checks: { sessions: () => sessions.check() },
    close: () => sessions.close(),
  };
}
