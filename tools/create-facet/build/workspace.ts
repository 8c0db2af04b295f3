import { cpSync, mkdirSync, readdirSync, readlinkSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import type { Tree } from '@nx/devkit';

/** What git, Nx and the build keep: a generator asks git for changes that are not committed, where there is a repository. */
const LEFT_OUT: ReadonlySet<string> = new Set(['.git', '.nx', '.facet', 'apps', 'libs', 'node_modules']);
const BUILT: ReadonlySet<string> = new Set(['dist', 'node_modules', 'coverage', '.facet']);

/** The workspace in another folder: what generators change is copied there, everything else is a link. */
export function linkWorkspace(from: string, to: string): void {
  const link = (path: string) => symlinkSync(join(from, path), join(to, path));
  for (const name of readdirSync(from).filter((each) => !LEFT_OUT.has(each))) link(name);
  for (const folder of ['libs', 'node_modules', 'node_modules/@facet']) mkdirSync(join(to, folder));
  cpSync(join(from, 'apps'), join(to, 'apps'), {
    recursive: true,
    filter: (path) => !BUILT.has(basename(path)),
  });
  for (const name of readdirSync(join(from, 'libs'))) {
    if (!['shop', 'domain', 'clients'].includes(name)) link(join('libs', name));
    else
      cpSync(join(from, 'libs', name), join(to, 'libs', name), {
        recursive: true,
        filter: (path) => !BUILT.has(basename(path)),
      });
  }
  for (const name of readdirSync(join(from, 'node_modules')))
    if (name !== '@facet') link(join('node_modules', name));
  for (const name of readdirSync(join(from, 'node_modules/@facet')))
    symlinkSync(readlinkSync(join(from, 'node_modules/@facet', name)), join(to, 'node_modules/@facet', name));
}

/** Writes what is changed in a tree. A file that is a link is replaced: what it leads to stays as it is. */
export function written(tree: Tree, root: string): void {
  for (const { path, type, content } of tree.listChanges()) {
    const file = join(root, path);
    // What is below a link is the workspace's own.
    if (isBelowLink(path)) continue;
    rmSync(file, { recursive: true, force: true });
    if (type === 'DELETE') continue;
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, content ?? '');
  }
}

const COPIED = /^(?:apps|libs\/(?:shop|domain|clients))\//;

const isBelowLink = (path: string): boolean => path.includes('/') && !COPIED.test(path);
