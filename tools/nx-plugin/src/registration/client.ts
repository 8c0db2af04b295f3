import { clientFolder, packageFiles } from '@facet/clients/files';
import { readJson, type Tree } from '@nx/devkit';
import { deleteFolder } from '../folder.js';
import { scopeOf, version } from '../scope.js';
import type { WorkspacePackage } from './contract.js';
import { addToJsonList, removeFromJsonList } from './json.js';
import { addToLockFile, removeFromLockFile } from './lock-file.js';

/** The package of a gateway's client. */
export const clientOf = (tree: Tree, gateway: string): WorkspacePackage => ({
  folder: clientFolder(gateway),
  module: `${scopeOf(tree)}/${gateway}-client`,
});

export const hasClient = (tree: Tree, gateway: string): boolean =>
  tree.exists(`${clientFolder(gateway)}/package.json`);

/** Writes and registers the package of a gateway's client. Its sources are made once the gateway is there to be asked. */
export function registerClient(tree: Tree, gateway: string): void {
  const folder = clientFolder(gateway);
  const isRuntimeHere = tree.exists('libs/client-runtime/package.json');
  const files = packageFiles({ gateway, scope: scopeOf(tree), version, isRuntimeHere });
  for (const [file, text] of Object.entries(files)) tree.write(file, text);
  tree.write(`${folder}/src/index.ts`, 'export {};\n');
  addToJsonList(tree, 'tsconfig.json', ['references'], { path: `./${folder}` });
  addToLockFile(tree, folder, readJson<Record<string, unknown>>(tree, `${folder}/package.json`));
}

export function unregisterClient(tree: Tree, gateway: string): void {
  if (!hasClient(tree, gateway)) return;
  const folder = clientFolder(gateway);
  removeFromJsonList(tree, 'tsconfig.json', ['references'], { path: `./${folder}` });
  removeFromLockFile(tree, folder);
  deleteFolder(tree, folder);
}
