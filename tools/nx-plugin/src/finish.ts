import { spawnSync } from 'node:child_process';
import { existsSync, lstatSync, mkdirSync, realpathSync, rmSync, symlinkSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, relative, sep } from 'node:path';
import { pathToFileURL } from 'node:url';
import { logger, type GeneratorCallback, type Tree } from '@nx/devkit';
import { scopeOf } from './scope.js';
import type { WorkspacePackage } from './registration/contract.js';

export interface Finish {
  /** The app that was made or added to, where there is one. */
  readonly app?: string;
  /** The gateway whose client is made anew, from what it says of itself. */
  readonly client?: string;
  /** What was made beside it. */
  readonly packages?: readonly WorkspacePackage[];
  /** Folders of it with specs whose snapshots are taken now, to be reviewed with the rest. */
  readonly reviewed?: readonly string[];
  /** A package beside it whose specs have snapshots too. */
  readonly tested?: WorkspacePackage;
  /** What to do next. */
  readonly hint: string;
  /** What has to be done by hand. */
  readonly warning?: string | undefined;
}

/** What is done once the files are written: the package is linked as `npm install` would, snapshots are taken. */
export function finish(
  tree: Tree,
  { app, client, packages = [], reviewed = [], tested, hint, warning }: Finish,
): GeneratorCallback {
  return () => {
    for (const each of packages) link(tree.root, each);
    if (app !== undefined) {
      link(tree.root, appPackage(tree, app));
      takeSnapshots(tree.root, appPackage(tree, app), reviewed);
      writeManifests(tree.root);
    }
    if (client !== undefined) makeClient(tree.root, client);
    if (tested !== undefined) takeSnapshots(tree.root, tested, ['src']);
    logger.info(`\n${hint}`);
    if (warning !== undefined) logger.warn(`\n${warning}`);
  };
}

export const appPackage = (tree: Tree, app: string): WorkspacePackage => ({
  folder: `apps/${app}`,
  module: `${scopeOf(tree)}/${app}`,
});

function link(root: string, { folder, module }: WorkspacePackage): void {
  const path = join(root, 'node_modules', module);
  mkdirSync(dirname(path), { recursive: true });
  if (!isThere(path)) symlinkSync(relative(dirname(path), join(root, folder)), path, 'junction');
}

/** As `npm run clients` does for one gateway. */
function makeClient(root: string, gateway: string): void {
  const from = createRequire(join(root, 'package.json'));
  const tool = dirname(from.resolve('@facet/clients/package.json'));
  const main = ['dist/main.js', 'src/main.ts'].map((file) => join(tool, file));
  const args = ['--import', pathToFileURL(from.resolve('@facet/dev/register')).href];
  const isInstalled = tool.includes(`${sep}node_modules${sep}`);
  const { status, stderr } = spawnSync(
    process.execPath,
    [...args, main[isInstalled ? 0 : 1] ?? '', gateway],
    {
      cwd: root,
      encoding: 'utf8',
    },
  );
  if (status === 0) logger.info(`The client of ${gateway} is libs/clients/${gateway}`);
  else logger.warn(`The client of ${gateway} is not made yet, run npm run clients -- ${gateway}:\n${stderr}`);
}

/** What is taken out again is no package any more. */
export function unlink(root: string, { module }: WorkspacePackage): void {
  const path = join(root, 'node_modules', module);
  if (isThere(path)) rmSync(path);
}

/** Also of a link that leads nowhere. */
function isThere(path: string): boolean {
  return lstatSync(path, { throwIfNoEntry: false }) !== undefined;
}

const MANIFESTS = 'tools/kubernetes/src/main.ts';

/** `npm run manifests`, where the workspace has it: apps and their upstreams are other ones now. */
export function writeManifests(root: string): void {
  const main = join(root, MANIFESTS);
  // One that is reached by a link is of another workspace.
  if (!existsSync(main) || realpathSync(main) !== join(realpathSync(root), MANIFESTS)) return;
  const args = ['--import', './tools/dev/register.mjs', MANIFESTS];
  const { status, stderr } = spawnSync(process.execPath, args, { cwd: root, encoding: 'utf8' });
  if (status !== 0) logger.warn(`deploy/kubernetes is as it was: run npm run manifests\n${stderr}`);
}

/** Jest writes no snapshot where it runs for CI: so that the first run of the tests there has something to compare with. */
function takeSnapshots(root: string, { folder: own }: WorkspacePackage, folders: readonly string[]): void {
  const cwd = join(root, own);
  const jest = join(root, 'node_modules/jest/bin/jest.js');
  if (folders.length === 0 || !existsSync(jest)) return;
  const flags = ['--experimental-vm-modules', '--disable-warning=ExperimentalWarning'];
  const { status, stderr } = spawnSync(
    process.execPath,
    [...flags, jest, ...folders, '--ci=false', '--reporters=default'],
    {
      cwd,
      encoding: 'utf8',
    },
  );
  if (status === 0)
    logger.info(
      `Review the snapshots in ${folders.map((folder) => `${own}/${folder}/__snapshots__`).join(', ')}`,
    );
  else logger.warn(`The specs of ${own} do not pass yet:\n${stderr}`);
}
