/**
 * Makes what `create-facet` copies from the workspace as it stands: once with the sample shop, once without, and for each choice of
 * gateways the files that name them. Runs before the package is packed.
 */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { remove, startFresh } from '@facet/nx-plugin';
import { createTree } from '@nx/devkit/testing';
import type { GeneratorCallback, Tree } from '@nx/devkit';
import { HIDDEN } from '../src/create.js';
import { gateways } from '../src/options.js';
import { transform, type Files } from './transform.js';
import { linkWorkspace, written } from './workspace.js';

const workspace = fileURLToPath(new URL('../../../', import.meta.url));
const target = fileURLToPath(new URL('../dist/template/', import.meta.url));

/** What a workspace is made of; the libs and the tools are packages that it depends on. */
const TAKEN = /^(?:apps|libs\/shop|libs\/domain|libs\/clients)\/|^deploy\/keycloak\//;
const ROOT_FILES: ReadonlySet<string> = new Set([
  ...['.gitignore', '.npmrc', '.prettierrc.json', '.prettierignore', 'Dockerfile', 'docker-compose.yml'],
  ...['eslint.config.mjs', 'jest.preset.mjs', 'nx.json', 'package.json', 'README.md'],
  ...['tsconfig.base.json', 'tsconfig.json', 'tsconfig.lint.json'],
]);
const SKIPPED = /(?:^|\/)(?:node_modules|dist|coverage|\.facet|\.nx|\.git)$/;
/** Snapshots, and what is made of a gateway once it can be asked: its document and its client. */
const MADE_AFTERWARDS = /\/__snapshots__\/|^apps\/[^/]+\/openapi\.json$|^libs\/clients\/[^/]+\/src\//;

const root = mkdtempSync(join(tmpdir(), 'facet-template-'));
process.on('exit', () => rmSync(root, { recursive: true, force: true }));
rmSync(target, { recursive: true, force: true });
linkWorkspace(workspace, root);
await make('samples', treeOf(root));
const fresh = treeOf(root);
const finish = await startFresh(fresh, {});
await make('fresh', fresh, await snapshotsOf(fresh, finish));

/** A tree of a folder; what is changed of it stays in memory. */
function treeOf(folder: string): Tree {
  const tree = createTree();
  tree.root = folder;
  tree.delete('.prettierrc');
  return tree;
}

/** The same files, changed apart from each other. */
function copyOf(tree: Tree): Tree {
  const copy = treeOf(tree.root);
  for (const { path, type, content } of tree.listChanges()) {
    if (type === 'DELETE') copy.delete(path);
    else copy.write(path, content ?? '');
  }
  return copy;
}

async function make(kind: string, tree: Tree, more: Files = {}): Promise<void> {
  const all = transform(filesOf(tree));
  write(join(target, kind, 'files'), { ...all, ...more });
  for (const chosen of choices()) {
    const less = copyOf(tree);
    for (const gateway of gateways.filter((each) => !chosen.includes(each)))
      await remove(less, { name: `${gateway}-bff` });
    const named = Object.entries(transform(filesOf(less))).filter(
      ([file, text]) => all[file] !== undefined && all[file] !== text,
    );
    write(join(target, kind, 'shared', chosen.join('+')), Object.fromEntries(named));
  }
}

/**
 * What specs compare with, which is taken once the files are there, as after every generator. The links are made anew for it:
 * nothing is written to the workspace itself.
 */
async function snapshotsOf(tree: Tree, finish: GeneratorCallback): Promise<Files> {
  written(tree, root);
  await finish();
  const taken = filesOf(treeOf(root));
  return Object.fromEntries(Object.entries(taken).filter(([file]) => MADE_AFTERWARDS.test(file)));
}

/** Each choice of gateways that leaves one out. */
function choices(): readonly (readonly string[])[] {
  const sets = gateways.reduce<readonly (readonly string[])[]>(
    (found, each) => [...found, ...found.map((set) => [...set, each])],
    [[]],
  );
  return sets.filter((set) => set.length > 0 && set.length < gateways.length);
}

function filesOf(tree: Tree): Files {
  const files: Record<string, string> = {};
  const visit = (folder: string): void => {
    for (const child of tree.children(folder === '' ? '.' : folder)) {
      const path = folder === '' ? child : `${folder}/${child}`;
      if (SKIPPED.test(path) || path.endsWith('.tsbuildinfo')) continue;
      if (!tree.isFile(path)) visit(path);
      else if (TAKEN.test(path) || ROOT_FILES.has(path)) files[path] = tree.read(path, 'utf8') ?? '';
    }
  };
  visit('');
  return files;
}

function write(folder: string, files: Files): void {
  const shown = Object.fromEntries(Object.entries(HIDDEN).map(([name, hidden]) => [hidden, name]));
  for (const [file, text] of Object.entries(files)) {
    const path = join(folder, shown[file] ?? file);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, text);
  }
}
