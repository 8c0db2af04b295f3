import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { formatFiles, type Tree } from '@nx/devkit';
import { createTree } from '@nx/devkit/testing';
import { afterAll, describe } from '@jest/globals';
import { unregisterGateway } from '../src/registration/gateway.js';
import { unregisterService } from '../src/registration/service.js';

const workspaceRoot = fileURLToPath(new URL('../../../', import.meta.url));

/** What git knows is left out: these tests also run beside changes that are not committed. */
const HIDDEN: ReadonlySet<string> = new Set(['.git', '.nx', '.facet', 'dist', 'apps']);

/** The apps that tests count on. Others may have any name and any port: these tests also run beside generated ones. */
const SAMPLE: ReadonlySet<string> = new Set([
  ...['web-bff', 'mobile-bff', 'partner-bff', 'identity'],
  ...['accounts', 'catalog', 'inventory', 'orders', 'payments', 'recommendations', 'reviews'],
]);

/** Without the sample apps and their contracts there is nothing that these tests could generate from. */
const areThere = [...SAMPLE].every((name) => existsSync(join(workspaceRoot, `apps/${name}/project.json`)));

/** `describe`, for what is tested with the sample apps and their contracts. */
export const describeSamples = (title: string, tests: () => void): void =>
  areThere ? describe(title, tests) : describe.skip(`${title} (skipped: the samples are gone)`, tests);

const apps = readdirSync(join(workspaceRoot, 'apps'));
const root = mkdtempSync(join(tmpdir(), 'facet-tree-'));
mkdirSync(join(root, 'apps'));
for (const name of [
  ...readdirSync(workspaceRoot).filter((each) => !HIDDEN.has(each)),
  ...apps.filter((each) => SAMPLE.has(each)).map((each) => `apps/${each}`),
]) {
  symlinkSync(join(workspaceRoot, name), join(root, name));
}
afterAll(() => rmSync(root, { recursive: true, force: true }));

/** The workspace with the sample's apps as they are on disk; what a generator changes of it stays in memory. */
export async function workspaceTree(): Promise<Tree> {
  const tree = createTree();
  tree.root = root;
  // Its own, of an empty workspace.
  tree.delete('.prettierrc');
  const others = apps.filter((name) => !SAMPLE.has(name));
  for (const name of others) hide(tree, name);
  if (others.length > 0) await formatFiles(tree);
  return tree;
}

/** Takes an app out wherever it is registered, whichever kind it is. */
function hide(tree: Tree, name: string): void {
  tree.delete(`libs/domain/${name}`);
  unregisterGateway(tree, name);
  unregisterService(tree, name);
}

export const contentOf = (tree: Tree, file: string): string => tree.read(file, 'utf8') ?? '';

/** What differs from what is on disk, by path; null for what is not there any more. */
export function changesOf(tree: Tree): Readonly<Record<string, string | null>> {
  const changes = tree.listChanges().flatMap(({ path, type, content }) => {
    const now = type === 'DELETE' ? null : (content?.toString() ?? '');
    const before = existsSync(join(workspaceRoot, path)) && !isFolder(path) ? written(path) : null;
    return now === before ? [] : [[path, now] as const];
  });
  return Object.fromEntries(changes);
}

const isFolder = (path: string): boolean => statSync(join(workspaceRoot, path)).isDirectory();

/** A file of the workspace as it is on disk. */
export const written = (file: string): string => readFileSync(join(workspaceRoot, file), 'utf8');
