import { existsSync, lstatSync, mkdirSync, readdirSync, readlinkSync, rmSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { formatFiles, logger, readJson, type GeneratorCallback, type Tree } from '@nx/devkit';
import { Refusal } from '../refusal.js';
import { sortLockFile } from '../registration/lock-file.js';
import { scopeOf } from '../scope.js';
import { refuseDirty } from '../workspace.js';

export interface RenameScopeOptions {
  /** `acme` or `@acme`. */
  readonly scope: string;
}

const SCOPE = /^[a-z][a-z0-9]*(?:-[a-z0-9]+)*$/;
const LONGEST = 40;

/** Neither what is installed and built, nor what git does not keep. */
const SKIPPED = /(?:^|\/)(?:node_modules|dist|coverage|\.git|\.nx|\.facet)$/;
const TEXT =
  /\.(?:ts|tsx|mjs|cjs|js|json|md|ya?ml|template|before|snap|css|html|sql|txt)$|(?:^|\/)(?:Dockerfile|run|\.npmrc|\.\w+rc)$/;

/**
 * Renames the scope of the workspace's packages in every file that names it: manifests, imports, the condition under which
 * they export their source, templates and documents.
 *
 * @throws Refusal, before anything is changed
 */
export async function renameScope(tree: Tree, options: RenameScopeOptions): Promise<GeneratorCallback> {
  const to = `@${nameOf(options.scope)}`;
  const from = scopeOf(tree);
  if (from === to) return () => logger.info(`\nThe scope is ${to} already: nothing is changed`);
  refuseForeign(tree, to);
  refuseDirty(tree, ['.']);
  const named = new RegExp(`${from}(?![\\w-])(?!\\.\\w)`, 'g');
  for (const file of textsIn(tree)) {
    const text = tree.read(file, 'utf8') ?? '';
    const renamed = text.replaceAll(named, to);
    if (renamed !== text) tree.write(file, renamed);
  }
  if (tree.exists('package-lock.json')) sortLockFile(tree);
  await formatFiles(tree);
  return () => {
    moveLinks(tree.root, from, to);
    logger.info(`\n${from} is ${to} now. Build anew, and run the tests: npm run build && npm test`);
  };
}

function nameOf(text: string): string {
  const scope = text.replace(/^@/, '');
  if (SCOPE.test(scope) && scope.length <= LONGEST) return scope;
  throw new Refusal(`"${text}" cannot be a scope: use lower-case words with hyphens between, e.g. "acme"`);
}

interface Manifest {
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly devDependencies?: Readonly<Record<string, string>>;
}

/** Packages of others that the workspace has installed could not be told from its own. */
function refuseForeign(tree: Tree, to: string): void {
  const { dependencies, devDependencies } = readJson<Manifest>(tree, 'package.json');
  const found = Object.keys({ ...dependencies, ...devDependencies }).find((name) =>
    name.startsWith(`${to}/`),
  );
  if (found !== undefined)
    throw new Refusal(
      `${to} is the scope of ${found}, which is installed from elsewhere: choose another scope`,
    );
}

function textsIn(tree: Tree, folder = '.'): readonly string[] {
  return tree.children(folder).flatMap((child) => {
    const path = folder === '.' ? child : `${folder}/${child}`;
    if (SKIPPED.test(path)) return [];
    if (!tree.isFile(path)) return textsIn(tree, path);
    return TEXT.test(path) ? [path] : [];
  });
}

/** As `npm install` would link them. */
function moveLinks(root: string, from: string, to: string): void {
  const before = join(root, 'node_modules', from);
  const now = join(root, 'node_modules', to);
  if (!existsSync(before)) return;
  mkdirSync(now, { recursive: true });
  for (const name of readdirSync(before)) {
    const link = join(before, name);
    if (!lstatSync(link).isSymbolicLink()) continue;
    rmSync(join(now, name), { force: true });
    symlinkSync(readlinkSync(link), join(now, name), 'junction');
    rmSync(link);
  }
  if (readdirSync(before).length === 0) rmSync(before, { recursive: true });
}
