import type { ClientMetadata } from 'oidc-provider';

/** What an access token may be good for, besides OpenID Connect's own scopes. */
export const apiScopes = [
  'catalog:read',
  'inventory:read',
  'orders:read',
  'orders:write',
  'webhooks:write',
] as const;

/** The gateways that take access tokens, by the resource indicator (RFC 8707) that becomes a token's `aud`. */
export const resources = {
  mobile: 'urn:facet:mobile-bff',
  partner: 'urn:facet:partner-bff',
} as const;

/** The resource of a client that names none in its request. */
export function resourceOf(clientId: string): string | undefined {
  if (clientId === 'mobile-bff') return resources.mobile;
  return clientId === 'partner' ? resources.partner : undefined;
}

/** What the partner's own tokens say: the sample customer that it buys as, and its limits. */
export const partnerClaims = { customer_id: 'cus_0003', plan: 'standard' } as const;

/** Where the native client waits for its code: a loopback address, any port (RFC 8252, section 7.3). */
export const mobileRedirect = 'http://127.0.0.1/callback';

const userScopes = ['openid', 'profile', 'email', 'orders:read', 'orders:write'].join(' ');

/** One client for each gateway. The secrets are for development only, like everything here. */
export function clients(webOrigin: string): ClientMetadata[] {
  return [
    {
      client_id: 'web-bff',
      client_name: 'the Facet shop',
      client_secret: 'web-bff-secret-in-development',
      redirect_uris: [`${webOrigin}/auth/callback`],
      post_logout_redirect_uris: [`${webOrigin}/`],
      backchannel_logout_uri: `${webOrigin}/auth/backchannel-logout`,
      backchannel_logout_session_required: true,
      grant_types: ['authorization_code', 'refresh_token'],
      scope: userScopes,
    },
    {
      client_id: 'mobile-bff',
      client_name: 'the Facet app',
      application_type: 'native',
      token_endpoint_auth_method: 'none',
      redirect_uris: [mobileRedirect],
      grant_types: ['authorization_code', 'refresh_token'],
      scope: userScopes,
    },
    {
      client_id: 'partner',
      client_name: 'a partner',
      client_secret: 'partner-secret-in-development',
      redirect_uris: [],
      response_types: [],
      grant_types: ['client_credentials'],
      scope: apiScopes.join(' '),
    },
  ];
}
