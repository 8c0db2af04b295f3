import { formatFiles, generateFiles, type GeneratorCallback, type Tree } from '@nx/devkit';
import { planOf, type Plan } from '../aggregation/plan.js';
import { contractsIn, render, routeOf, servicesOf } from '../aggregation/render.js';
import { firstParts, listOf } from '../aggregation/wanted.js';
import { finish } from '../finish.js';
import { constantOf, keyOf, namesOf, type Names } from '../names.js';
import { Refusal } from '../refusal.js';
import { clientOf } from '../registration/client.js';
import { contractPackages, useContracts } from '../registration/contract.js';
import { clientIdOf, GATEWAY_FILES, hasIssuer, registerGateway } from '../registration/gateway.js';
import { realmScopes } from '../registration/keycloak.js';
import { keepPlace, placesFrom } from '../registration/place.js';
import { own, pruneReferences, templates } from '../scope.js';
import {
  appsOf,
  configuredAt,
  contractsOf,
  placeOf,
  portFor,
  refuseDirty,
  refuseTaken,
  type Contracts,
  type Operation,
  type Placed,
} from '../workspace.js';
import {
  authOf,
  auths,
  clients,
  policyOf,
  signsInBy,
  type Auth,
  type BffOptions,
  type Client,
} from './options.js';

/** What a gateway is made from, once all of it is known to be possible. */
interface Blueprint {
  readonly app: Names;
  readonly client: Client;
  readonly auth: Auth;
  readonly port: number;
  readonly plan: Plan;
  /** Which service's operation finds its callers' keys; undefined where they are in a file. */
  readonly keys: Operation | undefined;
  /** The scopes that its callers' keys can be good for, where they bring keys. */
  readonly canHave: readonly string[] | undefined;
  /** The services it may call, as its configuration places them. */
  readonly services: Readonly<Record<string, string>>;
  readonly places: readonly (Placed & { readonly name: string })[];
  /** Those of them that are apps of the workspace. */
  readonly here: readonly string[];
  /** Whether the workspace has the service that knows the customers who sign in. */
  readonly hasCustomers: boolean;
  /** Whether the workspace has the development issuer. */
  readonly isIssuerHere: boolean;
}

/**
 * Makes a gateway with a first aggregated endpoint and registers it wherever the others are.
 *
 * @throws Refusal, before anything is changed
 */
export async function bff(tree: Tree, options: BffOptions): Promise<GeneratorCallback> {
  const blueprint = await blueprintOf(tree, options);
  const { app, port, auth, plan } = blueprint;
  write(tree, blueprint);
  registerGateway(tree, { name: app.file, port, auth });
  for (const { name, folder, ...placed } of blueprint.places) {
    if (folder !== undefined) keepPlace(tree, name, { ...placed, folder });
  }
  await formatFiles(tree);
  return finish(tree, {
    ...{ app: app.file, client: app.file, packages: [clientOf(tree, app.file)], reviewed: ['src/home'] },
    hint: hintOf(blueprint, plan),
  });
}

async function blueprintOf(tree: Tree, options: BffOptions): Promise<Blueprint> {
  const app = namesOfGateway(options.name);
  refuseTaken(tree, app.file);
  const client = oneOf('client', options.client ?? 'web', clients);
  const auth = oneOf('auth', options.auth ?? authOf[client], auths);
  const port = portFor(tree, 'gateway', options.port);
  const contracts = await contractsOf(tree);
  const asked = options.services === undefined ? byDefault(contracts) : listOf(options.services);
  if (asked.length === 0)
    throw new Refusal(`say which services: --services=${Object.keys(contracts).slice(0, 2).join(',')}`);
  const canHave = auth === 'api-key' ? realmScopes(tree) : undefined;
  const plan = planOf(firstParts(contracts, asked), canHave);
  const keys = auth === 'api-key' ? keysIn(contracts) : undefined;
  const called = [...new Set([...asked, ...(keys === undefined ? [] : [keys.service])])].sort();
  const told = placesFrom(options.address);
  const places = called.map((name) => ({ name, ...placeOf(tree, name, told) }));
  const services = Object.fromEntries(
    places.map(({ name, ...placed }) => [name, configuredAt(contracts[name] ?? {}, placed)]),
  );
  const here = places.filter(({ isHere }) => isHere).map(({ name }) => name);
  refuseDirty(tree, GATEWAY_FILES);
  const hasCustomers = appsOf(tree).some(({ name }) => name === 'accounts');
  const known = { here, hasCustomers, isIssuerHere: hasIssuer(tree) };
  return { app, client, auth, port, plan, services, places, ...known, canHave, keys };
}

/** The sample's two that show a list and what belongs to it, else the first service that can be asked without a question. */
function byDefault(contracts: Contracts): readonly string[] {
  const names = Object.keys(contracts);
  const sample = ['catalog', 'inventory'].filter((name) => names.includes(name));
  if (sample.length > 0) return sample;
  if (names.length === 0)
    throw new Refusal('there is no service yet: make one first, npx nx g @facet/nx-plugin:service notes');
  return firstParts(contracts, names)
    .slice(0, 1)
    .map(({ operation }) => operation.service);
}

/** What finds a partner's key by its hash: a service that has such a query, where there is one. */
const keysIn = (contracts: Contracts): Operation | undefined =>
  Object.values(contracts)
    .map((operations) => operations['apiKeyByHash'])
    .find((each) => each?.kind === 'query');

/** Of `kiosk` and of `kiosk-bff` alike; what is wrong is said of what was typed. */
function namesOfGateway(typed: string): Names {
  const stem = namesOf(typed, 'a gateway').file.replace(/-bff$/, '');
  // Its client's name, which is without -bff for some, would be another gateway's.
  if (stem.endsWith('-bff'))
    throw new Refusal(`"${typed}" cannot be the name of a gateway: -bff is there twice`);
  namesOf(stem, 'a gateway');
  return namesOf(`${stem}-bff`, 'a gateway');
}

function oneOf<T extends string>(option: string, value: string, allowed: readonly T[]): T {
  const found = allowed.find((each) => each === value);
  if (found === undefined) throw new Refusal(`--${option} is one of ${allowed.join(', ')}, not "${value}"`);
  return found;
}

const HOME = namesOf('home', 'an aggregation');

function write(tree: Tree, blueprint: Blueprint): void {
  const { app, client, auth, plan, services, keys } = blueprint;
  const target = `apps/${app.file}`;
  const prefix = prefixOf(auth);
  const path = `/${prefix}/home`;
  const variables = {
    ...own(tree),
    ...blueprint,
    ...factsOf(blueprint),
    path,
    prefix,
    name: app.file,
    services: `{ ${Object.entries(services)
      .map(([name, place]) => `${keyOf(name)}: ${place}`)
      .join(', ')} }`,
    keyContract: keys && { module: keys.module, name: constantOf(keys.service) },
    homeRoute: routeOf({ plan, path, name: HOME.value, names: HOME }),
  };
  generateFiles(tree, templates('bff/files'), target, variables);
  generateFiles(tree, templates(`bff/policies/${policyOf(client, auth)}`), `${target}/src`, variables);
  const rendered = render(plan, HOME, app.value.replace(/Bff$/, ''));
  tree.write(`${target}/src/home/home.aggregation.ts`, rendered.aggregation);
  tree.write(`${target}/src/home/home.aggregation.spec.ts`, rendered.spec);
  const ofKeys = contractPackages(tree).filter(({ module }) => module === blueprint.keys?.module);
  pruneReferences(tree, target);
  useContracts(tree, app.file, [...contractsIn(tree, plan), ...ofKeys]);
}

/** `/api` belongs to the page beside it, `/v1` to clients that are released on their own. */
const prefixOf = (auth: Auth): string => (auth === 'session' ? 'api' : 'v1');

/** What the templates say of a gateway. */
function factsOf({ app, auth, plan, here, hasCustomers, isIssuerHere, canHave = [] }: Blueprint) {
  const prefix = prefixOf(auth);
  const isOpen = plan.scopes === undefined;
  const [required, ...optional] = plan.parts;
  const token =
    auth === 'session'
      ? undefined
      : auth === 'bearer'
        ? `--user ada --client ${app.file}`
        : `--client ${clientIdOf({ name: app.file, auth })}`;
  const firstCall =
    isOpen || token !== undefined ? { path: `/${prefix}/home`, ...(isOpen ? {} : { token }) } : undefined;
  const signInRoutes = ['GET /auth/callback', 'GET /auth/login', 'POST /auth/backchannel-logout'];
  const ofParts = servicesOf(plan.parts);
  return {
    isOpen,
    firstCall,
    needs: [...here, ...(isIssuerHere ? ['identity'] : [])].sort(),
    tested: [...new Set([...here, ...(auth === 'session' && hasCustomers ? ['accounts'] : [])])].sort(),
    publicRoutes: [...(isOpen ? [`GET /${prefix}/home`] : []), ...(auth === 'session' ? signInRoutes : [])],
    signsInBy: signsInBy[auth],
    serviceNames: ofParts.join(' and '),
    madeFrom: ofParts.map((name) => (name === required?.operation.service ? `**${name}**` : name)).join(', '),
    requiredPart: required?.name ?? '',
    requiredService: required?.operation.service ?? '',
    isRequiredHere: here.includes(required?.operation.service ?? ''),
    optional: optional
      .map(({ name, operation }) => ({ part: name, service: operation.service }))
      .filter(({ service }) => here.includes(service)),
    // What the specs call it with: also what an aggregation that comes later asks for.
    scopes: [
      ...new Set([
        'orders:read',
        ...(plan.scopes ?? []),
        ...canHave.filter((each) => each.endsWith(':read')),
      ]),
    ].join(' '),
    who: auth === 'api-key' ? `sub: 'partner', client_id: 'partner',` : '',
  };
}

function hintOf({ app, port, auth }: Blueprint, plan: Plan): string {
  const call = `curl localhost:${port}/${prefixOf(auth)}/home`;
  return plan.scopes === undefined
    ? `npx nx serve ${app.file}, then: ${call}`
    : `npx nx serve ${app.file}; ${call} is for who has signed in (docs/guides/auth.md)`;
}
