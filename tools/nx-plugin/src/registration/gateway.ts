import { readJson, type Tree } from '@nx/devkit';
import type { Auth } from '../bff/options.js';
import { namesOf } from '../names.js';
import { registerClient, unregisterClient } from './client.js';
import { addContainer, COMPOSE_FILE, removeContainer } from './compose.js';
import { addRealmClient, KEYCLOAK, removeRealmClient } from './keycloak.js';
import { addToJsonList, removeFromJsonList } from './json.js';
import { addToLockFile, removeFromLockFile } from './lock-file.js';
import { addElement, listNamed, removeElement } from './source.js';
import { DOCS, nameInPorts, removeFromPorts } from './ports.js';
import { addRow, hasTable, removeRow } from './table.js';
import { addTarget, removeTarget, TARGETS } from './targets.js';

const IDENTITY = 'apps/identity/src/gateways.ts';
const IDENTITY_README = 'apps/identity/README.md';
const CLIENTS = ['client', 'kind', 'flow', 'token'];

/** The files in which a gateway is registered beside its own. */
export const GATEWAY_FILES = [
  'tsconfig.json',
  'package-lock.json',
  COMPOSE_FILE,
  IDENTITY,
  IDENTITY_README,
  KEYCLOAK,
  TARGETS.gateway,
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
  registerClient(tree, name);
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
    if (hasTable(tree, IDENTITY_README, CLIENTS))
      addRow(tree, IDENTITY_README, CLIENTS, identityRow(gateway));
  }
  const shown = `the Facet ${name.replace(/-bff$/, '')}`;
  addRealmClient(tree, {
    clientId: clientIdOf(gateway),
    gateway: name,
    name: shown,
    port,
    auth: gateway.auth,
  });
  addTarget(tree, 'gateway', gateway);
  const isGateway = (cells: readonly string[]) => cells[0]?.endsWith('-bff') === true;
  nameInPorts(tree, [name, String(port), String(port + 1)], isGateway);
}

export function unregisterGateway(tree: Tree, name: string): void {
  const folder = `apps/${name}`;
  removeFromJsonList(tree, 'tsconfig.json', ['references'], { path: `./${folder}` });
  removeFromLockFile(tree, folder);
  unregisterClient(tree, name);
  removeContainer(tree, name);
  if (hasIssuer(tree)) {
    removeElement(tree, IDENTITY, listNamed('gateways'), (text) => text.includes(`gateway: '${name}'`));
    const ids = (['session', 'api-key'] as const).map((auth) => `\`${clientIdOf({ name, auth })}\``);
    if (hasTable(tree, IDENTITY_README, CLIENTS))
      removeRow(tree, IDENTITY_README, CLIENTS, (first) => ids.includes(first));
  }
  removeRealmClient(tree, name);
  removeTarget(tree, 'gateway', name);
  removeFromPorts(tree, name);
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
