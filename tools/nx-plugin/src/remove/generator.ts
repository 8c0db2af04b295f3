import { basename, posix } from 'node:path';
import { formatFiles, readJson, type GeneratorCallback, type Tree } from '@nx/devkit';
import { addedWith } from '../aggregation/added.js';
import { routesIn } from '../aggregation/taken.js';
import { gatewayFilesOf, NEEDS, packageFilesOf, ROUTES } from '../aggregation/generator.js';
import { CONTRACT_FILES } from '../contract/generator.js';
import { appPackage, unlink, writeManifests } from '../finish.js';
import { deleteFolder, filesIn } from '../folder.js';
import { constantOf, keyOf, namesOf } from '../names.js';
import { Refusal } from '../refusal.js';
import {
  contractOf,
  contractPackages,
  kernel,
  leaveContracts,
  unregisterContract,
  type WorkspacePackage,
} from '../registration/contract.js';
import { removeGatewayVariable } from '../registration/compose.js';
import { clientOf } from '../registration/client.js';
import { GATEWAY_FILES, unregisterGateway } from '../registration/gateway.js';
import { removeFromJson, removeFromJsonList, textOf } from '../registration/json.js';
import { addressesOf } from '../registration/place.js';
import { SERVICE_FILES, unregisterService } from '../registration/service.js';
import {
  elementsOf,
  importedFrom,
  listAt,
  listNamed,
  localNames,
  modulesOf,
  objectAt,
  removeElement,
  removeImport,
} from '../registration/source.js';
import { hasTable, removeRow } from '../registration/table.js';
import { appNamed, appsOf, refuseDirty } from '../workspace.js';

export interface RemoveOptions {
  readonly name: string;
  /** The gateway whose aggregation it is. */
  readonly bff?: string;
}

/**
 * Takes out what another generator has made, and leaves the tree as it was.
 *
 * @throws Refusal, before anything is changed
 */
export async function remove(tree: Tree, { name, bff }: RemoveOptions): Promise<GeneratorCallback> {
  if (bff !== undefined) {
    removeAggregation(tree, name, appNamed(tree, bff, 'gateway').name);
    await formatFiles(tree);
    return () => writeManifests(tree.root);
  }
  const apps = appsOf(tree);
  const app = apps.find((each) => each.name === name) ?? apps.find((each) => each.name === `${name}-bff`);
  if (
    app === undefined &&
    contractPackages(tree).some(({ folder }) => folder === contractOf(tree, name).folder)
  ) {
    return removeContract(tree, contractOf(tree, name));
  }
  if (app === undefined) {
    throw new Refusal(
      `there is no "${name}"; there are ${apps.map((each) => each.name).join(', ')}. An aggregation needs --bff`,
    );
  }
  if (app.kind === 'identity') throw new Refusal(`${app.name} was made by no generator`);
  const users = apps.filter(({ needs }) => needs.includes(app.name)).map((each) => each.name);
  if (users.length > 0)
    throw new Refusal(`${app.name} is needed by ${users.join(', ')}: take it out there first`);
  if (app.kind === 'service') {
    const contract = contractOf(tree, app.name);
    refuseDirty(tree, [...SERVICE_FILES, `apps/${app.name}`, contract.folder]);
    deleteFolder(tree, contract.folder);
    unregisterService(tree, app.name);
  } else {
    refuseDirty(tree, [...GATEWAY_FILES, `apps/${app.name}`, clientOf(tree, app.name).folder]);
    unregisterGateway(tree, app.name);
  }
  deleteFolder(tree, `apps/${app.name}`);
  await formatFiles(tree);
  const beside = app.kind === 'service' ? contractOf(tree, app.name) : clientOf(tree, app.name);
  const gone = [appPackage(tree, app.name), beside];
  return () => {
    for (const each of gone) unlink(tree.root, each);
    writeManifests(tree.root);
  };
}

async function removeContract(tree: Tree, contract: WorkspacePackage): Promise<GeneratorCallback> {
  const users = tree
    .children('apps')
    .filter((app) => !unused(tree, app).some((each) => isSame(each, contract)));
  if (users.length > 0)
    throw new Refusal(`${contract.module} is imported by ${users.join(', ')}: take it out there first`);
  refuseDirty(tree, [...CONTRACT_FILES, contract.folder]);
  deleteFolder(tree, contract.folder);
  unregisterContract(tree, contract);
  removeGatewayVariable(tree, addressesOf(basename(contract.folder)));
  await formatFiles(tree);
  return () => unlink(tree.root, contract);
}

const isSame = (a: WorkspacePackage, b: WorkspacePackage): boolean => a.folder === b.folder;

function removeAggregation(tree: Tree, name: string, gateway: string): void {
  const { file } = namesOf(name, 'an aggregation');
  const { source, routes, module, config, project, access, readme, endToEnd } = gatewayFilesOf(gateway);
  const folder = `${source}/${file}`;
  if (!tree.exists(`${folder}/${file}.aggregation.ts`)) {
    throw new Refusal(`${gateway} has no aggregation "${name}": ${folder} is not there`);
  }
  const users = usersOf(tree, gateway, file);
  if (users.length > 0)
    throw new Refusal(`"${name}" is used by ${users.join(', ')} of ${gateway}: take it out there first`);
  const written = [routes, module, config, project, access, readme, endToEnd(file)];
  refuseDirty(tree, [folder, ...written, ...packageFilesOf(gateway)]);
  const answered = routesOf(tree, folder);
  const added = addedWith(textOf(tree, `${folder}/${file}.aggregation.ts`));
  deleteFolder(tree, folder);
  tree.delete(endToEnd(file));
  answered.push(...removeRoutes(tree, routes, `./${file}/`));
  removeControllers(tree, module, `./${file}/`);
  if (isTried(tree, project, answered)) removeFromJson(tree, project, ['metadata', 'facet', 'try']);
  if (tree.exists(access)) {
    removeElement(tree, access, listAt('publicRoutes'), (text) => isOneOf(answered, text));
  }
  if (hasTable(tree, readme, ROUTES)) removeRow(tree, readme, ROUTES, (first) => isOneOf(answered, first));
  const stillCalled = servicesIn(tree, source);
  for (const service of added.filter((each) => !stillCalled.includes(constantOf(each)))) {
    removeElement(tree, config, objectAt('services'), (text) => text.startsWith(`${keyOf(service)}:`));
    removeFromJsonList(tree, project, NEEDS, service);
  }
  leaveContracts(tree, gateway, unused(tree, gateway));
}

/** Takes out of `routes.ts` what answers with something from a folder, and gives the addresses: `GET /v1/showcase/{id}`. */
function removeRoutes(tree: Tree, routes: string, folder: string): readonly string[] {
  return modulesOf(tree, routes)
    .filter((each) => each.startsWith(folder))
    .flatMap((from) => {
      const removed = localNames(tree, routes, from).flatMap((name) => removeRoutesOf(tree, routes, name));
      removeImport(tree, routes, from);
      return removed;
    });
}

function removeRoutesOf(tree: Tree, routes: string, name: string): readonly string[] {
  const line = new RegExp(`^route\\(\\s*['"\`]([^'"\`]*)['"\`],\\s*${name}\\s*,`);
  const found = elementsOf(tree, routes, listNamed('routes')).filter((each) => line.test(each));
  for (const text of found) removeElement(tree, routes, listNamed('routes'), (each) => each === text);
  return found.map((text) => (line.exec(text)?.[1] ?? '').replaceAll(/:(\w+)/g, '{$1}'));
}

/** Takes out of a module the controllers that it imports from a folder, whatever they are called by now. */
function removeControllers(tree: Tree, module: string, folder: string): void {
  if (!tree.exists(module)) return;
  for (const from of modulesOf(tree, module).filter((each) => each.startsWith(folder))) {
    for (const name of localNames(tree, module, from))
      removeElement(tree, module, listAt('controllers'), (text) => text === name);
    removeImport(tree, module, from);
  }
}

/** Whether `npm start` prints a call of the aggregation. */
function isTried(tree: Tree, project: string, routes: readonly string[]): boolean {
  const { metadata } = readJson<ProjectFile>(tree, project);
  return isOneOf(routes, `GET ${metadata?.facet?.try?.path ?? ''}`);
}

/** The files of a gateway that would not be sound without an aggregation, but for those that it is taken out of. */
function usersOf(tree: Tree, gateway: string, name: string): readonly string[] {
  const app = `apps/${gateway}`;
  const { source, routes, module, endToEnd } = gatewayFilesOf(gateway);
  const folder = `${source}/${name}/`;
  const imports = (file: string) =>
    modulesOf(tree, file).map((each) => posix.join(posix.dirname(file), each));
  return [source, `${app}/test`]
    .flatMap((each) => filesIn(tree, each))
    .filter((file) => file.endsWith('.ts') && !file.startsWith(folder))
    .filter((file) => ![routes, module, endToEnd(name)].includes(file))
    .filter((file) => imports(file).some((each) => each.startsWith(folder)))
    .map((file) => file.slice(app.length + 1));
}

interface ProjectFile {
  readonly metadata?: { readonly facet?: { readonly try?: { readonly path: string } } };
}

/** What the controllers of a folder answer, whatever they are called by now. */
function routesOf(tree: Tree, folder: string): string[] {
  return filesIn(tree, folder)
    .filter((file) => file.endsWith('.ts'))
    .flatMap((file) => routesIn(tree, file));
}

/** Whether `'GET /v1/showcase/{productId}'`, `:productId` or an address of it is one of these. */
function isOneOf(routes: readonly string[], text: string): boolean {
  const segments = text.replaceAll(/['`]|\?.*/g, '').split('/');
  return routes.some((route) => {
    const own = route.split('/');
    return (
      own.length === segments.length && own.every((each, at) => each.startsWith('{') || each === segments[at])
    );
  });
}

/** What the files of a folder import of the contracts: services, and schemas that no gateway's services are named like. */
function servicesIn(tree: Tree, folder: string): readonly string[] {
  const modules = contractPackages(tree).map(({ module }) => module);
  return filesIn(tree, folder).flatMap((file) =>
    modules.flatMap((module) => importedFrom(tree, file, module)),
  );
}

/** The contracts that no file of an app imports. */
function unused(tree: Tree, app: string): readonly WorkspacePackage[] {
  const files = [`apps/${app}/src`, `apps/${app}/test`].flatMap((folder) => filesIn(tree, folder));
  const imported = new Set(files.flatMap((file) => modulesOf(tree, file)));
  return [kernel, ...contractPackages(tree)].filter(({ module }) => !imported.has(module));
}
