import { readFileSync } from 'node:fs';
import { posix } from 'node:path';
import { fileURLToPath } from 'node:url';
import { readJson, updateJson, type Tree } from '@nx/devkit';

/** The version of this package, which is that of all packages of its scope. */
export const version = (
  JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')) as { version: string }
).version;

/** The folder of templates, `bff/files`: they are shipped as source, beside what is built. */
export const templates = (folder: string): string =>
  fileURLToPath(new URL(`../src/${folder}`, import.meta.url));

interface Config {
  readonly compilerOptions?: { readonly customConditions?: readonly string[] };
}

/**
 * The scope of the workspace's own packages, `@facet`: as it stands in the condition under which they export their source.
 * The libs that they import have the scope of this package.
 */
export function scopeOf(tree: Tree): string {
  const [condition = ''] =
    (tree.exists('tsconfig.base.json') &&
      readJson<Config>(tree, 'tsconfig.base.json').compilerOptions?.customConditions) ||
    [];
  return /^(@[^/]+)\/source$/.exec(condition)?.[1] ?? '@facet';
}

/** What templates say of packages: the scope of the workspace's own, and the version of those that it imports. */
export const own = (tree: Tree) => ({ scope: scopeOf(tree), version });

interface References {
  readonly references?: readonly { readonly path: string }[];
}

/** Where the libs are installed packages, no project of the workspace is built before this one. */
export function pruneReferences(tree: Tree, folder: string): void {
  const file = `${folder}/tsconfig.lib.json`;
  updateJson<References>(tree, file, ({ references = [], ...config }) => ({
    ...config,
    references: references.filter(({ path }) => tree.exists(posix.join(folder, path))),
  }));
}
