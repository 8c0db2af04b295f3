import type { Authenticator } from '@facet/access';
import { readAuthorization } from '../bearer/authorization.js';
import { looksLikeApiKey } from './format.js';

/** What a partner may come with: an API key, or an access token from the client-credentials grant. */
export function createPartnerAuthenticator(apiKeys: Authenticator, tokens: Authenticator): Authenticator {
  return {
    credentials: [...apiKeys.credentials, ...tokens.credentials],
    schemes: { ...apiKeys.schemes, ...tokens.schemes },
    problems: { ...apiKeys.problems, ...tokens.problems },
    challenge: (fault, request) => tokens.challenge(fault, request),
    async authenticate(request) {
      const credentials = readAuthorization(request)?.credentials ?? '';
      return (looksLikeApiKey(credentials) ? apiKeys : tokens).authenticate(request);
    },
  };
}
