import { auditTo } from '@facet/access';
import { tokens, type SignIn, type SignInOptions } from '../bearer/sign-in.js';
import { originsOf } from '../own-origin.js';
import { replaysOf } from '../shared-replays.js';
import { createApiKeyAuthenticator } from './authenticator.js';
import { createPartnerAuthenticator } from './partner.js';
import type { ApiKeyStore } from './store.js';

/**
 * Sign-in for partners: API keys from `store`, or access tokens of clients.
 *
 * @throws ConfigError for what production does not allow
 */
export function apiKeySignIn(options: SignInOptions & { readonly store: ApiKeyStore }): SignIn {
  const { store, config, logger, audit = auditTo(logger) } = options;
  const replays = replaysOf(config, logger);
  const checks = { origins: originsOf(config, logger), replays: replays.guard };
  const keys = createApiKeyAuthenticator({ store, ...checks });
  const clients = tokens('client', options, checks);
  const authenticator = createPartnerAuthenticator(keys, clients.authenticator);
  return { authenticator, audit, warm: clients.warm, close: () => replays.close() };
}
