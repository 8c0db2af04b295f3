import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Tree } from '@nx/devkit';
import { createTree } from '@nx/devkit/testing';

const workspaceRoot = fileURLToPath(new URL('../../../', import.meta.url));

/** What git knows is left out: whoever has changes that are not committed can run these tests too. */
const HIDDEN: ReadonlySet<string> = new Set(['.git', '.nx', '.facet', 'dist']);

const root = mkdtempSync(join(tmpdir(), 'facet-tree-'));
for (const name of readdirSync(workspaceRoot)) {
  if (!HIDDEN.has(name)) symlinkSync(join(workspaceRoot, name), join(root, name));
}
process.on('exit', () => rmSync(root, { recursive: true, force: true }));

/** The workspace as it is on disk; what a generator changes of it stays in memory. */
export function workspaceTree(): Tree {
  const tree = createTree();
  tree.root = root;
  // Its own, of an empty workspace.
  tree.delete('.prettierrc');
  return tree;
}

export const contentOf = (tree: Tree, file: string): string => tree.read(file, 'utf8') ?? '';

/** What differs from what is on disk, by path; null for what is not there any more. */
export function changesOf(tree: Tree): Readonly<Record<string, string | null>> {
  const changes = tree.listChanges().flatMap(({ path, type, content }) => {
    const now = type === 'DELETE' ? null : (content?.toString() ?? '');
    const before = existsSync(join(workspaceRoot, path)) ? written(path) : null;
    return now === before ? [] : [[path, now] as const];
  });
  return Object.fromEntries(changes);
}

/** A file of the workspace as it is on disk. */
export const written = (file: string): string => readFileSync(join(workspaceRoot, file), 'utf8');
