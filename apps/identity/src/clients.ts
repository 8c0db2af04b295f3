import type { ClientMetadata } from 'oidc-provider';
import { gateways as known, type GatewayClient, type Origins } from './gateways.js';
import { partnerScopes, userScopes } from './scopes.js';

/** The gateways that take access tokens, by the resource indicator (RFC 8707) that becomes a token's `aud`. */
export const resourcesOf = (gateways: readonly GatewayClient[]): readonly string[] =>
  gateways.flatMap((known) => resourceFor(known) ?? []);

/** The resource of a client that names none in its request. */
export function resourceOf(gateways: readonly GatewayClient[], clientId: string): string | undefined {
  const known = gateways.find((each) => each.clientId === clientId);
  return known === undefined ? undefined : resourceFor(known);
}

function resourceFor({ gateway, signIn }: GatewayClient): string | undefined {
  return signIn === 'session' ? undefined : `urn:facet:${gateway}`;
}

/** What the partner's own tokens say: the customer that it acts for, and its limits. */
export const partnerClaims = { customer_id: 'cus_0003', plan: 'standard' } as const;

/** Where native clients wait for their code: a loopback address, any port (RFC 8252, section 7.3). */
export const appRedirect = 'http://127.0.0.1/callback';

/** Of a client; for development only, like everything here. `WEB_BFF_CLIENT_SECRET`, by its gateway, says otherwise. */
export function secretOf(clientId: string, env = process.env): string {
  const { gateway = clientId } = known.find((each) => each.clientId === clientId) ?? {};
  const variable = `${gateway.toUpperCase().replaceAll('-', '_')}_CLIENT_SECRET`;
  return env[variable] ?? `${clientId}-secret-in-development`;
}

const forPeople = ['openid', 'profile', 'email', ...userScopes].join(' ');

/** One client for each gateway. */
export function clients(gateways: readonly GatewayClient[], origins: Origins): ClientMetadata[] {
  return gateways.map((known) => ({
    client_id: known.clientId,
    client_name: known.name,
    ...metadataOf(known, origins),
  }));
}

function metadataOf(
  { gateway, clientId, signIn, origin: byDefault = '' }: GatewayClient,
  origins: Origins,
): Omit<ClientMetadata, 'client_id'> {
  switch (signIn) {
    case 'session': {
      const origin = origins[gateway] ?? byDefault;
      return {
        client_secret: secretOf(clientId),
        redirect_uris: [`${origin}/auth/callback`],
        post_logout_redirect_uris: [`${origin}/`],
        backchannel_logout_uri: `${origin}/auth/backchannel-logout`,
        backchannel_logout_session_required: true,
        grant_types: ['authorization_code', 'refresh_token'],
        scope: forPeople,
      };
    }
    case 'bearer':
      return {
        application_type: 'native',
        token_endpoint_auth_method: 'none',
        redirect_uris: [appRedirect],
        grant_types: ['authorization_code', 'refresh_token'],
        scope: forPeople,
      };
    case 'api-key':
      return {
        client_secret: secretOf(clientId),
        redirect_uris: [],
        response_types: [],
        grant_types: ['client_credentials'],
        scope: partnerScopes.join(' '),
      };
  }
}
