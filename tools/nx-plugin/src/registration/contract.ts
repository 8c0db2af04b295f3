import { posix } from 'node:path';
import { readJson, updateJson, type Tree } from '@nx/devkit';
import { addToJsonList, removeFromJsonList } from './json.js';
import { scopeOf, version } from '../scope.js';
import { addToLockFile, removeFromLockFile } from './lock-file.js';

/** A package of the workspace: a service's contract, or an app. */
export interface WorkspacePackage {
  /** `libs/shop/catalog` */
  readonly folder: string;
  /** `@facet/shop-catalog` */
  readonly module: string;
  /** Where a service listens in development that is no app here. */
  readonly port?: number;
  /** Whether it is behind a broker, so that it has no address. */
  readonly isBehindBroker?: boolean;
}

interface ProjectFile {
  readonly tags?: readonly string[];
  readonly metadata?: { readonly facet?: { readonly port?: number; readonly kind?: string } };
}

interface Manifest {
  readonly name: string;
  readonly dependencies?: Readonly<Record<string, string>>;
}

/** Where the contract of a service goes that is generated. */
export const contractOf = (tree: Tree, service: string): WorkspacePackage => ({
  folder: `libs/domain/${service}`,
  module: `${scopeOf(tree)}/domain-${service}`,
});

/** What contracts are written with; a gateway imports it that asks for what is its caller's own. */
export const kernel: WorkspacePackage = { folder: 'libs/contracts', module: '@facet/contracts' };

/** The packages of contracts: `libs/<domain>/<service>`, as their tags say. */
export function contractPackages(tree: Tree): readonly WorkspacePackage[] {
  return tree
    .children('libs')
    .flatMap((domain) => tree.children(`libs/${domain}`).map((service) => `libs/${domain}/${service}`))
    .filter((folder) => tree.exists(`${folder}/project.json`))
    .map((folder) => ({ folder, ...readJson<ProjectFile>(tree, `${folder}/project.json`) }))
    .filter(({ tags }) => tags?.includes('scope:contract'))
    .map(({ folder, metadata }) => {
      const port = metadata?.facet?.port;
      const module = readJson<Manifest>(tree, `${folder}/package.json`).name;
      const isBehindBroker = metadata?.facet?.kind === 'nest';
      return { folder, module, isBehindBroker, ...(port === undefined ? {} : { port }) };
    });
}

export function registerContract(tree: Tree, { folder }: WorkspacePackage): void {
  addToJsonList(tree, 'tsconfig.json', ['references'], { path: `./${folder}` });
  addToLockFile(tree, folder, readJson<Record<string, unknown>>(tree, `${folder}/package.json`));
}

export function unregisterContract(tree: Tree, { folder }: WorkspacePackage): void {
  removeFromJsonList(tree, 'tsconfig.json', ['references'], { path: `./${folder}` });
  removeFromLockFile(tree, folder);
}

/** Lets an app import contracts; those that it does already stay as they are. */
export function useContracts(tree: Tree, app: string, contracts: readonly WorkspacePackage[]): void {
  const folder = `apps/${app}`;
  for (const contract of contracts) {
    updateJson<Manifest>(tree, `${folder}/package.json`, (manifest) => ({
      ...manifest,
      dependencies: sorted({ ...manifest.dependencies, [contract.module]: versionOf(tree, contract) }),
    }));
    if (tree.exists(contract.folder))
      addToJsonList(tree, `${folder}/tsconfig.lib.json`, ['references'], referenceTo(contract, folder));
  }
  lock(tree, folder);
}

/** Takes back what `useContracts` did. */
export function leaveContracts(tree: Tree, app: string, contracts: readonly WorkspacePackage[]): void {
  const folder = `apps/${app}`;
  for (const contract of contracts) {
    updateJson<Manifest>(tree, `${folder}/package.json`, (manifest) => ({
      ...manifest,
      dependencies: Object.fromEntries(
        Object.entries(manifest.dependencies ?? {}).filter(([name]) => name !== contract.module),
      ),
    }));
    removeFromJsonList(tree, `${folder}/tsconfig.lib.json`, ['references'], referenceTo(contract, folder));
  }
  lock(tree, folder);
}

/** A package that is installed has the version of this one. */
const versionOf = (tree: Tree, { folder }: WorkspacePackage): string =>
  tree.exists(`${folder}/package.json`)
    ? readJson<{ version: string }>(tree, `${folder}/package.json`).version
    : version;

const referenceTo = ({ folder }: WorkspacePackage, app: string) => ({
  path: posix.relative(app, `${folder}/tsconfig.lib.json`),
});

const lock = (tree: Tree, folder: string): void =>
  addToLockFile(tree, folder, readJson<Record<string, unknown>>(tree, `${folder}/package.json`));

const sorted = (of: Readonly<Record<string, string>>): Readonly<Record<string, string>> =>
  Object.fromEntries(Object.entries(of).sort(([a], [b]) => (a < b ? -1 : 1)));
