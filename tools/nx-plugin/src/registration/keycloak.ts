import { readJson, type Tree } from '@nx/devkit';
import type { Auth } from '../bff/options.js';
import { addToJsonList, removeFromJsonList } from './json.js';

/** The realm of the Keycloak that docker-compose.yml starts in place of the development issuer. */
export const KEYCLOAK = 'deploy/keycloak/realm.json';

export interface RealmClient {
  /** Its client at the issuer. */
  readonly clientId: string;
  /** The gateway that it is for. */
  readonly gateway: string;
  /** As a sign-in page shows it. */
  readonly name: string;
  readonly port: number;
  readonly auth: Auth;
}

interface Client {
  readonly clientId: string;
  readonly standardFlowEnabled?: boolean;
  readonly optionalClientScopes?: readonly string[];
  readonly protocolMappers?: readonly { readonly config?: Readonly<Record<string, string>> }[];
}

interface Realm {
  readonly clients: readonly Client[];
  readonly clientScopes?: readonly { readonly name: string }[];
}

/** The scopes that access tokens can have, beside OpenID Connect's own; none where the workspace has no realm. */
export function realmScopes(tree: Tree): readonly string[] {
  if (!tree.exists(KEYCLOAK)) return [];
  return (readJson<Realm>(tree, KEYCLOAK).clientScopes ?? []).map(({ name }) => name);
}

/** Makes a gateway's client known to the realm, where the workspace has one. */
export function addRealmClient(tree: Tree, client: RealmClient): void {
  if (!tree.exists(KEYCLOAK)) return;
  const scopes = client.auth === 'api-key' ? realmScopes(tree) : userScopes(tree);
  addToJsonList(tree, KEYCLOAK, ['clients'], clientOf(client, scopes));
}

export function removeRealmClient(tree: Tree, gateway: string): void {
  if (!tree.exists(KEYCLOAK)) return;
  const client = readJson<Realm>(tree, KEYCLOAK).clients.find((each) => isClientOf(each, gateway));
  if (client !== undefined) removeFromJsonList(tree, KEYCLOAK, ['clients'], client);
}

/** A partner's client has another name than its gateway, which is the audience of its tokens. */
function isClientOf({ clientId, protocolMappers = [] }: Client, gateway: string): boolean {
  const audiences = protocolMappers.map(({ config }) => config?.['included.custom.audience']);
  return clientId === gateway || audiences.includes(audienceOf(gateway));
}

const audienceOf = (gateway: string): string => `urn:facet:${gateway}`;

/** What people can grant: as the other clients of people have it, else everything that there is. */
function userScopes(tree: Tree): readonly string[] {
  const { clients } = readJson<Realm>(tree, KEYCLOAK);
  const other = clients.find((each) => each.standardFlowEnabled === true);
  return other?.optionalClientScopes?.filter((scope) => scope !== OFFLINE) ?? realmScopes(tree);
}

/** What Keycloak calls a refresh token that outlives the session. */
const OFFLINE = 'offline_access';

const secretOf = (clientId: string): string => `${clientId}-secret-in-development`;

const PKCE = { 'pkce.code.challenge.method': 'S256' };
const ACCESS_TOKENS = { 'access.token.header.type.rfc9068': 'true' };

const mapper = (name: string, kind: string, config: object) => ({
  ...{ name, protocol: 'openid-connect', protocolMapper: `oidc-${kind}-mapper` },
  config,
});

const audience = (gateway: string) =>
  mapper('audience', 'audience', {
    'included.custom.audience': audienceOf(gateway),
    'id.token.claim': 'false',
    'access.token.claim': 'true',
  });

const IN_EVERY_TOKEN = {
  'id.token.claim': 'true',
  'access.token.claim': 'true',
  'userinfo.token.claim': 'true',
};

/** What tokens say of people. */
const people = [
  mapper('customer_id', 'usermodel-attribute', {
    ...{ 'user.attribute': 'customer_id', 'claim.name': 'customer_id', 'jsonType.label': 'String' },
    ...IN_EVERY_TOKEN,
  }),
  mapper('roles', 'usermodel-realm-role', {
    ...{ 'claim.name': 'roles', 'jsonType.label': 'String', multivalued: 'true' },
    ...IN_EVERY_TOKEN,
  }),
];

const said = (name: string, value: string) =>
  mapper(name, 'hardcoded-claim', {
    ...{ 'claim.name': name, 'claim.value': value, 'jsonType.label': 'String' },
    ...{ 'id.token.claim': 'false', 'access.token.claim': 'true' },
  });

function clientOf({ clientId, gateway, name, port, auth }: RealmClient, scopes: readonly string[]) {
  const forPeople = {
    defaultClientScopes: ['basic', 'profile', 'email'],
    optionalClientScopes: [...scopes, OFFLINE],
  };
  switch (auth) {
    case 'session':
      return {
        ...{ clientId, name, secret: secretOf(clientId), publicClient: false },
        ...{ standardFlowEnabled: true, directAccessGrantsEnabled: false },
        redirectUris: [`http://localhost:${port}/auth/callback`],
        attributes: {
          ...PKCE,
          'post.logout.redirect.uris': `http://localhost:${port}/`,
          'backchannel.logout.url': `http://${gateway}:${port}/auth/backchannel-logout`,
          'backchannel.logout.session.required': 'true',
        },
        ...forPeople,
        protocolMappers: people,
      };
    case 'bearer':
      return {
        ...{ clientId, name, publicClient: true },
        ...{ standardFlowEnabled: true, directAccessGrantsEnabled: false },
        redirectUris: ['http://127.0.0.1/callback', 'http://127.0.0.1:*/callback'],
        attributes: { ...PKCE, ...ACCESS_TOKENS },
        ...forPeople,
        protocolMappers: [...people, audience(gateway)],
      };
    case 'api-key':
      return {
        ...{ clientId, name, secret: secretOf(clientId), publicClient: false },
        ...{ standardFlowEnabled: false, serviceAccountsEnabled: true, directAccessGrantsEnabled: false },
        attributes: ACCESS_TOKENS,
        defaultClientScopes: ['basic'],
        optionalClientScopes: scopes,
        protocolMappers: [audience(gateway), said('customer_id', 'cus_0003'), said('plan', 'standard')],
      };
  }
}
