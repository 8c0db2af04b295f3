import { formatFiles, type GeneratorCallback, type Tree } from '@nx/devkit';
import { finish } from '../finish.js';
import { keyOf, namesOf, type Names } from '../names.js';
import { Refusal } from '../refusal.js';
import { useContracts } from '../registration/contract.js';
import { addToJsonList } from '../registration/json.js';
import {
  addElement,
  addImport,
  elementsOf,
  listAt,
  listNamed,
  localNames,
  modulesOf,
  objectAt,
} from '../registration/source.js';
import { realmScopes } from '../registration/keycloak.js';
import { keepPlace, placesFrom } from '../registration/place.js';
import { addRow, hasTable } from '../registration/table.js';
import {
  appNamed,
  configuredAt,
  contractsOf,
  placeOf,
  refuseDirty,
  type Contracts,
  type Placed,
} from '../workspace.js';
import { takesKeys } from './access.js';
import { withAdded } from './added.js';
import { idsWanted } from './ids-wanted.js';
import type { AggregationOptions } from './options.js';
import { planOf, type Plan } from './plan.js';
import { pathOf } from './path.js';
import { contractsIn, render, routeOf, servicesOf } from './render.js';
import { refuseDeclared } from './taken.js';
import { wantedParts } from './wanted.js';

/** The files of a gateway that an aggregation is added to. */
export function gatewayFilesOf(gateway: string) {
  const source = `apps/${gateway}/src`;
  return {
    source,
    routes: `${source}/routes.ts`,
    module: `${source}/${gateway}.module.ts`,
    config: `${source}/${gateway}.config.ts`,
    project: `apps/${gateway}/project.json`,
    access: `apps/${gateway}/test/access.e2e.spec.ts`,
    readme: `apps/${gateway}/README.md`,
    /** Of an aggregation, where it has one: what the endpoint does over real processes. */
    endToEnd: (name: string) => `apps/${gateway}/test/${name}.e2e.spec.ts`,
  };
}

/** The files of a gateway that say which packages it imports. */
export const packageFilesOf = (gateway: string): readonly string[] => [
  `apps/${gateway}/package.json`,
  `apps/${gateway}/tsconfig.lib.json`,
  'package-lock.json',
];

export const ROUTES = ['route', 'what it answers'];
export const NEEDS = ['metadata', 'facet', 'needs'];

/**
 * Makes an aggregation with its spec, and adds it to the routes of a gateway.
 *
 * @throws Refusal, before anything is changed
 */
export async function aggregation(tree: Tree, options: AggregationOptions): Promise<GeneratorCallback> {
  const names = namesOf(options.name, 'an aggregation');
  const gateway = appNamed(tree, options.bff, 'gateway').name;
  const { source, routes, config, project, access, readme } = gatewayFilesOf(gateway);
  const contracts = await contractsOf(tree);
  const wanted = wantedParts(contracts, options.parts);
  const plan = planOf(wanted, takesKeys(tree, source) ? realmScopes(tree) : undefined);
  const prefix = prefixOf(tree, source);
  const path = `/${prefix}/${pathOf(plan, names, options.path)}`;
  const client = clientOf(gateway);
  refuseThere(tree, source, names);
  refuseDeclared(tree, source, { path, aggregate: `${client}.${names.value}` });
  refuseDirty(tree, [routes, config, project, access, readme, ...packageFilesOf(gateway)]);
  const { address } = options;
  const added = newTo(tree, config, { services: servicesOf(plan.parts), contracts, address });

  const folder = `${source}/${names.file}`;
  const rendered = render(plan, names, client);
  for (const each of added) allow(tree, gateway, each);
  const services = added.map(({ service }) => service);
  tree.write(`${folder}/${names.file}.aggregation.ts`, withAdded(rendered.aggregation, services));
  tree.write(`${folder}/${names.file}.aggregation.spec.ts`, rendered.spec);
  useContracts(tree, gateway, contractsIn(tree, plan));
  const name = nameIn(tree, routes, names);
  const imported = name === names.value ? name : `${names.value} as ${name}`;
  const from = `./${names.file}/${names.file}.aggregation.js`;
  addImport(tree, routes, `${imported}, ${names.value}Answer`, from);
  addElement(tree, routes, listNamed('routes'), routeOf({ plan, path, name, names }));
  if (plan.scopes === undefined) namePublic(tree, gateway, path);
  if (hasTable(tree, readme, ROUTES)) addRow(tree, readme, ROUTES, rowOf(plan, path));
  await formatFiles(tree);
  const hint = `GET ${path} is there`;
  const warning = idsWanted(tree, access, plan, path);
  return finish(tree, { app: gateway, reviewed: [`src/${names.file}`], hint, warning });
}

interface Added extends Placed {
  readonly service: string;
  /** As the gateway's configuration places it. */
  readonly configured: string;
}

interface Called {
  readonly services: readonly string[];
  readonly contracts: Contracts;
  readonly address: string | undefined;
}

/** The services that a gateway does not call yet, with where they are. */
function newTo(tree: Tree, config: string, { services, contracts, address }: Called): readonly Added[] {
  const known = elementsOf(tree, config, objectAt('services')).map((text) => text.split(':')[0]);
  const places = placesFrom(address);
  return services
    .filter((service) => !known.includes(keyOf(service)))
    .map((service) => {
      const placed = placeOf(tree, service, places);
      return { service, configured: configuredAt(contracts[service] ?? {}, placed), ...placed };
    });
}

/** Lets a gateway call a service. */
function allow(tree: Tree, gateway: string, { service, configured, ...placed }: Added): void {
  const { config, project } = gatewayFilesOf(gateway);
  const { isHere, folder } = placed;
  addElement(tree, config, objectAt('services'), `${keyOf(service)}: ${configured}`);
  if (isHere) addToJsonList(tree, project, NEEDS, service);
  if (folder !== undefined) keepPlace(tree, service, { ...placed, folder });
}

/** The gateway's test of access knows each route that everybody may use. */
function namePublic(tree: Tree, gateway: string, path: string): void {
  const { access } = gatewayFilesOf(gateway);
  if (!tree.exists(access)) return;
  const route = `'GET ${path.replaceAll(/:(\w+)/g, '{$1}')}'`;
  addElement(tree, access, listAt('publicRoutes'), route);
}

/** What the gateway's README says of a route. */
function rowOf({ parts, scopes }: Plan, path: string): readonly string[] {
  const required = parts.filter(({ isRequired }) => isRequired).map(({ operation }) => operation.service);
  const madeFrom = servicesOf(parts).map((name) => (required.includes(name) ? `**${name}**` : name));
  const needed = (scopes ?? []).map((scope) => `\`${scope}\``).join(', ');
  const who = scopes === undefined ? 'everybody' : `who has signed in${needed && `, with ${needed}`}`;
  return [`\`GET ${path}\``, parts.map(({ name }) => name).join(', '), who, madeFrom.join(', ')];
}

function refuseThere(tree: Tree, source: string, { file }: Names): void {
  if (tree.children(`${source}/${file}`).length > 0)
    throw new Refusal(`"${file}" is taken: ${source}/${file} is there`);
}

const clientOf = (gateway: string): string => {
  const { value } = namesOf(gateway, 'a gateway');
  return value.replace(/Bff$/, '');
};

/** What an aggregation is called in `routes.ts`, where a contract may have its name. */
function nameIn(tree: Tree, routes: string, { value }: Names): string {
  const taken = modulesOf(tree, routes).flatMap((module) => localNames(tree, routes, module));
  return taken.includes(value) ? `${value}Screen` : value;
}

/** The prefix that the gateway's other routes have. */
function prefixOf(tree: Tree, source: string): string {
  const folders = tree.children(source).map((folder) => `${source}/${folder}/${folder}.controller.ts`);
  const texts = [`${source}/routes.ts`, ...folders]
    .filter((file) => tree.exists(file))
    .map((file) => tree.read(file, 'utf8') ?? '');
  return texts.some((text) => /@Controller\('api'\)|'[A-Z]+ \/api\//.test(text)) ? 'api' : 'v1';
}
