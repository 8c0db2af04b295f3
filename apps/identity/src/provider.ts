import { interactionPolicy, Provider, type Configuration, type KoaContextWithOIDC } from 'oidc-provider';
import { clients, partnerClaims, resourceOf, resourcesOf } from './clients.js';
import type { GatewayClient, Origins } from './gateways.js';
import type { KeyRing } from './keys.js';
import { errorPage, signOutPage, signedOutPage } from './pages.js';
import { apiScopes } from './scopes.js';
import type { createStorage } from './storage.js';
import { userBySubject, type User } from './users.js';

export interface ProviderOptions {
  readonly issuer: string;
  readonly gateways: readonly GatewayClient[];
  readonly origins: Origins;
  readonly accessTokenSeconds: number;
  readonly ring: KeyRing;
  readonly storage: ReturnType<typeof createStorage>;
}

/** An OpenID provider for the gateways of this workspace: code flow with PKCE, refresh, client credentials, logout. */
export function createProvider(options: ProviderOptions): Provider {
  const configuration: Configuration = {
    adapter: options.storage,
    clients: clients(options.gateways, options.origins),
    jwks: { keys: options.ring.keys.map(({ jwk }) => jwk) },
    cookies: { keys: [options.ring.cookieSecret] },
    scopes: ['openid', ...apiScopes],
    claims: {
      openid: ['sub', 'customer_id', 'roles'],
      profile: ['name'],
      email: ['email'],
    },
    conformIdTokenClaims: false,
    responseTypes: ['code'],
    pkce: { required: () => true },
    findAccount: (_, subject) => Promise.resolve(accountOf(subject)),
    loadExistingGrant: grantFirstParty(options.gateways),
    issueRefreshToken: (_, client) => Promise.resolve(client.grantTypeAllowed('refresh_token')),
    rotateRefreshToken: true,
    extraTokenClaims: (_, token) =>
      token.kind === 'AccessToken' ? customClaims(userBySubject(token.accountId)) : partnerClaims,
    interactions: { url: (_, interaction) => `/interaction/${interaction.uid}`, policy: signInOnly() },
    features: features(options),
    ttl: {
      AccessToken: (_, token) => token.resourceServer?.accessTokenTTL ?? options.accessTokenSeconds,
      ClientCredentials: options.accessTokenSeconds,
      IdToken: 3_600,
      Interaction: 3_600,
      RefreshToken: 14 * 86_400,
      Session: 14 * 86_400,
      Grant: 14 * 86_400,
    },
    clientBasedCORS: () => false,
    renderError: (context, { error, error_description: description }) => {
      context.type = 'html';
      context.body = errorPage(description ?? error);
    },
    // The library keeps requests away from loopback addresses; in development the gateways live there.
    fetch: (url, request) => fetch(url, withoutDispatcher(request)),
  };
  const provider = new Provider(options.issuer, configuration);
  // Behind TLS it is a balancer that says so; what it says of a client is used for nothing else.
  provider.proxy = options.issuer.startsWith('https:');
  return provider;
}

function withoutDispatcher(request: RequestInit & { dispatcher?: unknown } = {}): RequestInit {
  const { dispatcher: _, ...rest } = request;
  return rest;
}

function features({ gateways, accessTokenSeconds }: ProviderOptions): Configuration['features'] {
  return {
    devInteractions: { enabled: false },
    clientCredentials: { enabled: true },
    backchannelLogout: { enabled: true },
    revocation: {
      enabled: true,
      allowedPolicy: (_, client, token) => token.clientId === client.clientId,
    },
    dPoP: { enabled: true },
    rpInitiatedLogout: {
      enabled: true,
      logoutSource: (context, form) => {
        context.body = signOutPage(form);
      },
      postLogoutSuccessSource: (context) => {
        context.body = signedOutPage();
      },
    },
    resourceIndicators: {
      enabled: true,
      defaultResource: (_, client) => resourceOf(gateways, client.clientId) ?? [],
      useGrantedResource: () => true,
      getResourceServerInfo: (_, audience) => ({
        audience,
        scope: resourcesOf(gateways).includes(audience) ? apiScopes.join(' ') : '',
        accessTokenFormat: 'jwt',
        accessTokenTTL: accessTokenSeconds,
        jwt: { sign: { alg: 'RS256' } },
      }),
    },
  };
}

function accountOf(subject: string) {
  const user = userBySubject(subject);
  if (user === undefined) return undefined;
  return {
    accountId: subject,
    claims: () => ({ sub: subject, name: user.name, email: user.email, ...customClaims(user) }),
  };
}

function customClaims(user: User | undefined) {
  if (user === undefined) return undefined;
  return { roles: user.roles, ...(user.customerId === undefined ? {} : { customer_id: user.customerId }) };
}

function signInOnly() {
  const policy = interactionPolicy.base();
  policy.remove('consent');
  return policy;
}

/** These clients belong to the house: nobody is asked whether the shop may be the shop. */
const grantFirstParty = (gateways: readonly GatewayClient[]) => async (context: KoaContextWithOIDC) => {
  const { client, session, provider, params } = context.oidc;
  if (client === undefined || session?.accountId === undefined) return undefined;
  const known = session.grantIdFor(client.clientId);
  const grant =
    (known === undefined ? undefined : await provider.Grant.find(known)) ??
    new provider.Grant({ clientId: client.clientId, accountId: session.accountId });
  if (typeof params?.['scope'] === 'string') grant.addOIDCScope(params['scope']);
  const resource = resourceOf(gateways, client.clientId);
  if (resource !== undefined) grant.addResourceScope(resource, apiScopes.join(' '));
  await grant.save();
  return grant;
};
