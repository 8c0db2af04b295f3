import { type Audit, auditTo, type Authenticator } from '@facet/access';
import type { Logger } from '@facet/platform';
import { issuerOptions, type IssuerConfig } from '../issuer.js';
import { originsOf } from '../own-origin.js';
import { replaysOf } from '../shared-replays.js';
import { createBearerAuthenticator, type BearerOptions } from './authenticator.js';
import { createKeySet } from './key-set.js';

export interface SignInOptions {
  /** The gateway's name, for the faults of its configuration. */
  readonly name: string;
  readonly config: IssuerConfig;
  readonly logger: Logger;
  /** The log where absent. */
  readonly audit?: Audit;
}

/** What a gateway needs to prove its callers. */
export interface SignIn {
  readonly authenticator: Authenticator;
  readonly audit: Audit;
  /** Fetches the issuer's keys beside the start: a gateway whose issuer is away starts all the same. */
  readonly warm: () => void;
  close(): Promise<void>;
}

/**
 * Sign-in for apps: access tokens of people.
 *
 * @throws ConfigError for what production does not allow
 */
export function bearerSignIn(options: SignInOptions): SignIn {
  const replays = replaysOf(options.config, options.logger);
  const origins = originsOf(options.config, options.logger);
  const checks = { origins, replays: replays.guard };
  const { authenticator, warm } = tokens('user', options, checks);
  const { audit = auditTo(options.logger) } = options;
  return { authenticator, audit, warm, close: () => replays.close() };
}

export function tokens(
  kind: 'user' | 'client',
  { name, config, logger }: SignInOptions,
  checks: Pick<BearerOptions, 'origins' | 'replays'>,
): Pick<SignIn, 'warm'> & { readonly authenticator: Authenticator } {
  const { keys, ...options } = issuerOptions(name, config);
  const keySet = createKeySet({ ...keys, issuer: options.issuer });
  const cannot = (err: unknown) => logger.warn({ err }, "the issuer's keys cannot be fetched yet");
  return {
    authenticator: createBearerAuthenticator({ ...options, kind, keys: keySet, ...checks }),
    warm: () => void keySet.warm().catch(cannot),
  };
}
