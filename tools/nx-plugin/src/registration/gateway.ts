import { readJson, type Tree } from '@nx/devkit';
import type { Auth } from '../bff/options.js';
import { namesOf } from '../names.js';
import { Refusal } from '../refusal.js';
import { addContainer, COMPOSE_FILE, removeContainer } from './compose.js';
import { addToJsonList, removeFromJsonList } from './json.js';
import { addToLockFile, removeFromLockFile } from './lock-file.js';
import { addElement, listNamed, removeElement } from './source.js';
import { addRow, removeRow } from './table.js';

const IDENTITY = 'apps/identity/src/gateways.ts';
const IDENTITY_README = 'apps/identity/README.md';
const CLIENTS = ['client', 'kind', 'flow', 'token'];
const KEYCLOAK = 'deploy/keycloak/realm.json';
const DOCS = 'docs/architecture.md';
const PORTS = ['app', 'public', 'admin'];

/** The files in which a gateway is registered beside its own. */
export const GATEWAY_FILES = [
  'tsconfig.json',
  'package-lock.json',
  COMPOSE_FILE,
  IDENTITY,
  IDENTITY_README,
  KEYCLOAK,
  DOCS,
] as const;

export interface Gateway {
  readonly name: string;
  readonly port: number;
  readonly auth: Auth;
}

/** The name of a gateway's client at the issuer. A partner's client is not the gateway itself. */
export function clientIdOf({ name, auth }: Pick<Gateway, 'name' | 'auth'>): string {
  return auth === 'api-key' ? name.replace(/-bff$/, '') : name;
}

/** Whether the development issuer is there: who has an issuer of their own may have taken it out. */
export const hasIssuer = (tree: Tree): boolean => tree.exists(IDENTITY);

/** Registers a gateway wherever the others are. */
export function registerGateway(tree: Tree, gateway: Gateway): void {
  const { name, port } = gateway;
  const folder = `apps/${name}`;
  addToJsonList(tree, 'tsconfig.json', ['references'], { path: `./${folder}` });
  addToLockFile(tree, folder, readJson<Record<string, unknown>>(tree, `${folder}/package.json`));
  addContainer(
    tree,
    `  ${name}:
    <<: *gateway
    build: { context: ., args: { APP: ${name} } }
    environment: { <<: *gateway-environment, PORT: ${port}, ADMIN_PORT: ${port + 1} }
    ports: ['127.0.0.1:${port}:${port}']`,
  );
  if (hasIssuer(tree)) {
    addElement(tree, IDENTITY, listNamed('gateways'), identityEntry(gateway));
    addRow(tree, IDENTITY_README, CLIENTS, identityRow(gateway));
  }
  addToJsonList(tree, KEYCLOAK, ['clients'], keycloakClient(tree, gateway));
  const isGateway = (cells: readonly string[]) => cells[0]?.endsWith('-bff') === true;
  addRow(tree, DOCS, PORTS, [name, String(port), String(port + 1)], isGateway);
}

export function unregisterGateway(tree: Tree, name: string): void {
  const folder = `apps/${name}`;
  removeFromJsonList(tree, 'tsconfig.json', ['references'], { path: `./${folder}` });
  removeFromLockFile(tree, folder);
  removeContainer(tree, name);
  if (hasIssuer(tree)) {
    removeElement(tree, IDENTITY, listNamed('gateways'), (text) => text.includes(`gateway: '${name}'`));
    const ids = (['session', 'api-key'] as const).map((auth) => `\`${clientIdOf({ name, auth })}\``);
    removeRow(tree, IDENTITY_README, CLIENTS, (first) => ids.includes(first));
  }
  const clients = readJson<Realm>(tree, KEYCLOAK).clients;
  const client = clients.find((each) => isClientOf(each, name));
  if (client !== undefined) removeFromJsonList(tree, KEYCLOAK, ['clients'], client);
  removeRow(tree, DOCS, PORTS, (first) => first === name);
}

function identityEntry({ name, port, auth }: Gateway): string {
  const shown = namesOf(name, 'a gateway').file.replace(/-bff$/, '').replaceAll('-', ' ');
  const origin = auth === 'session' ? `, origin: 'http://localhost:${port}'` : '';
  return `{ gateway: '${name}', clientId: '${clientIdOf({ name, auth })}', name: 'the Facet ${shown}', signIn: '${auth}'${origin} }`;
}

/** What the issuer's README says of a client, as it does of the sample gateways'. */
function identityRow({ name, auth }: Gateway): readonly string[] {
  const token = `\`at+jwt\` for \`urn:facet:${name}\``;
  const said: Readonly<Record<Auth, readonly string[]>> = {
    session: ['confidential', 'code with PKCE, refresh, back-channel logout', 'stays with the gateway'],
    bearer: ['public, native', 'code with PKCE, refresh', token],
    'api-key': ['confidential', 'client credentials', token],
  };
  return [`\`${clientIdOf({ name, auth })}\``, ...said[auth]];
}

interface Client {
  readonly clientId: string;
  readonly protocolMappers?: readonly { readonly config?: Readonly<Record<string, string>> }[];
}

interface Realm {
  readonly clients: readonly Client[];
}

/** A partner's client has another name than its gateway, which is the audience of its tokens. */
function isClientOf({ clientId, protocolMappers = [] }: Client, gateway: string): boolean {
  const audiences = protocolMappers.map(({ config }) => config?.['included.custom.audience']);
  return clientId === gateway || audiences.includes(`urn:facet:${gateway}`);
}

/** The gateway of the workspace whose client at Keycloak one of the same kind is made after. */
const MODELS: Readonly<
  Record<Auth, { readonly gateway: string; readonly clientId: string; readonly port: number }>
> = {
  session: { gateway: 'web-bff', clientId: 'web-bff', port: 3000 },
  bearer: { gateway: 'mobile-bff', clientId: 'mobile-bff', port: 3010 },
  'api-key': { gateway: 'partner-bff', clientId: 'partner', port: 3020 },
};

/** @throws Refusal where nothing is left that the client of such a gateway could be made after */
export function refuseWithoutModel(tree: Tree, auth: Auth): void {
  const { clientId } = MODELS[auth];
  if (modelOf(tree, auth) !== undefined) return;
  throw new Refusal(
    `${KEYCLOAK} has no client "${clientId}" any more, which the client of a gateway with --auth=${auth} is made after: put it back first`,
  );
}

function modelOf(tree: Tree, auth: Auth): Client | undefined {
  return readJson<Realm>(tree, KEYCLOAK).clients.find(({ clientId }) => clientId === MODELS[auth].clientId);
}

function keycloakClient(tree: Tree, { name, port, auth }: Gateway): unknown {
  const model = MODELS[auth];
  const clientId = clientIdOf({ name, auth });
  const text = JSON.stringify(modelOf(tree, auth))
    .replaceAll(model.gateway, name)
    .replaceAll(`"${model.clientId}"`, `"${clientId}"`)
    .replaceAll(`"${model.clientId}-secret`, `"${clientId}-secret`)
    .replaceAll(`:${model.port}/`, `:${port}/`);
  return { ...(JSON.parse(text) as object), name: `the Facet ${name.replace(/-bff$/, '')}` };
}
