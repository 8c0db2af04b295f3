import type { Tree } from '@nx/devkit';
import { Refusal } from '../refusal.js';
import { textOf } from './json.js';

const FILE = 'package-lock.json';

interface LockFile {
  packages: Record<string, unknown>;
}

/** Lets `npm ci` know a package of the workspace, as `npm install` would write it. */
export function addToLockFile(tree: Tree, folder: string, manifest: Record<string, unknown>): void {
  const { private: _, type: __, exports: ___, ...kept } = manifest;
  change(tree, (packages) => ({
    ...packages,
    [folder]: kept,
    [`node_modules/${String(manifest['name'])}`]: { resolved: folder, link: true },
  }));
}

export function removeFromLockFile(tree: Tree, folder: string): void {
  change(tree, (packages) =>
    Object.fromEntries(
      Object.entries(packages).filter(
        ([name, value]) => name !== folder && (value as { resolved?: string }).resolved !== folder,
      ),
    ),
  );
}

/** What the lock file says of the workspace itself: the folders that its packages are in. */
export function lockWorkspaces(tree: Tree, workspaces: readonly string[] = []): void {
  change(tree, (packages) => ({ ...packages, '': { ...(packages[''] as object), workspaces } }));
}

/** Puts the packages in the order that npm writes them in. */
export const sortLockFile = (tree: Tree): void => change(tree, (packages) => packages);

function change(tree: Tree, edit: (packages: LockFile['packages']) => LockFile['packages']): void {
  if (!tree.exists(FILE)) return;
  const lock = read(tree);
  // In the order that npm writes them in.
  const entries = Object.entries(edit(lock.packages)).sort(([a], [b]) => a.localeCompare(b, 'en'));
  tree.write(FILE, `${JSON.stringify({ ...lock, packages: Object.fromEntries(entries) }, null, 2)}\n`);
}

function read(tree: Tree): LockFile {
  try {
    return JSON.parse(textOf(tree, FILE)) as LockFile;
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    throw new Refusal(`${FILE} is no JSON: ${error.message}`);
  }
}
