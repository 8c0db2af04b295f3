import type { ClientMetadata } from 'oidc-provider';
import { gateways, type GatewayClient, type Origins } from './gateways.js';

/** What an access token may be good for, besides OpenID Connect's own scopes. */
export const apiScopes = [
  'catalog:read',
  'inventory:read',
  'orders:read',
  'orders:write',
  'webhooks:write',
] as const;

/** The gateways that take access tokens, by the resource indicator (RFC 8707) that becomes a token's `aud`. */
export const resources: readonly string[] = gateways.flatMap((known) => resourceFor(known) ?? []);

/** The resource of a client that names none in its request. */
export function resourceOf(clientId: string): string | undefined {
  const known = gateways.find((each) => each.clientId === clientId);
  return known === undefined ? undefined : resourceFor(known);
}

function resourceFor({ gateway, signIn }: GatewayClient): string | undefined {
  return signIn === 'session' ? undefined : `urn:facet:${gateway}`;
}

/** What the partner's own tokens say: the sample customer that it buys as, and its limits. */
export const partnerClaims = { customer_id: 'cus_0003', plan: 'standard' } as const;

/** Where native clients wait for their code: a loopback address, any port (RFC 8252, section 7.3). */
export const appRedirect = 'http://127.0.0.1/callback';

/** For development only, like everything here. */
export const secretOf = (clientId: string): string => `${clientId}-secret-in-development`;

const userScopes = ['openid', 'profile', 'email', 'orders:read', 'orders:write'].join(' ');

/** One client for each gateway. */
export function clients(origins: Origins): ClientMetadata[] {
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
        scope: userScopes,
      };
    }
    case 'bearer':
      return {
        application_type: 'native',
        token_endpoint_auth_method: 'none',
        redirect_uris: [appRedirect],
        grant_types: ['authorization_code', 'refresh_token'],
        scope: userScopes,
      };
    case 'api-key':
      return {
        client_secret: secretOf(clientId),
        redirect_uris: [],
        response_types: [],
        grant_types: ['client_credentials'],
        scope: apiScopes.join(' '),
      };
  }
}
