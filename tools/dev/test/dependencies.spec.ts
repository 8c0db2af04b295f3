import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { isBuiltin } from 'node:module';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import ts from 'typescript';
import { workspaceRoot } from '../src/apps.js';

interface Manifest {
  readonly name: string;
  readonly private?: boolean;
  readonly version?: string;
  readonly license?: string;
  readonly files?: readonly string[];
  readonly publishConfig?: { readonly registry?: string };
  readonly workspaces?: readonly string[];
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly peerDependencies?: Readonly<Record<string, string>>;
  readonly devDependencies?: Readonly<Record<string, string>>;
}

const manifestOf = (folder: string): Manifest =>
  JSON.parse(readFileSync(join(workspaceRoot, folder, 'package.json'), 'utf8')) as Manifest;

const root = manifestOf('.');

/** What apps are made of: not the tools, which no app ships. */
const folders = (root.workspaces ?? [])
  .filter((pattern) => !pattern.startsWith('tools/'))
  .map((pattern) => pattern.replace('/*', ''))
  .filter((parent) => existsSync(join(workspaceRoot, parent)))
  .flatMap((parent) => readdirSync(join(workspaceRoot, parent)).map((name) => `${parent}/${name}`))
  .filter((folder) => existsSync(join(workspaceRoot, folder, 'package.json')));

function foldersIn(parent: string): readonly string[] {
  return readdirSync(join(workspaceRoot, parent))
    .map((name) => `${parent}/${name}`)
    .filter((folder) => existsSync(join(workspaceRoot, folder, 'package.json')));
}

function sourcesIn(folder: string): readonly string[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return sourcesIn(path);
    return /\.ts$/.test(path) && !path.endsWith('.spec.ts') ? [path] : [];
  });
}

/** What specs use of a package (`@facet/aggregation/testing`) is never shipped. */
const isForSpecs = (path: string): boolean =>
  /\/(?:libs\/(?:shop\/)?testing\/|src\/testing(?:\/|\.ts$))/.test(path);

const packageOf = (specifier: string): string =>
  specifier
    .split('/')
    .slice(0, specifier.startsWith('@') ? 2 : 1)
    .join('/');

/** The packages that a file asks for when it runs; what is imported as a type alone is not asked for. */
function importedBy(file: string): readonly string[] {
  const source = ts.createSourceFile(file, readFileSync(file, 'utf8'), ts.ScriptTarget.Latest, true);
  const found: string[] = [];
  const add = (node: ts.Node | undefined): void => {
    if (node !== undefined && ts.isStringLiteral(node)) found.push(node.text);
  };
  const visit = (node: ts.Node): void => {
    if (ts.isImportDeclaration(node) && !isOfTypes(node.importClause)) add(node.moduleSpecifier);
    if (ts.isExportDeclaration(node) && !node.isTypeOnly) add(node.moduleSpecifier);
    if (
      ts.isCallExpression(node) &&
      /^import$|\bcreateRequire\(.*\)\.resolve$/.test(node.expression.getText())
    )
      add(node.arguments[0]);
    ts.forEachChild(node, visit);
  };
  visit(source);
  return found.filter((each) => !each.startsWith('.') && !isBuiltin(each)).map(packageOf);
}

function isOfTypes(clause: ts.ImportClause | undefined): boolean {
  if (clause === undefined) return false;
  if (clause.isTypeOnly) return true;
  const named = clause.namedBindings;
  return (
    clause.name === undefined &&
    named !== undefined &&
    ts.isNamedImports(named) &&
    named.elements.every((each) => each.isTypeOnly)
  );
}

const isOwn = (name: string): boolean => name.startsWith('@facet/');

describe('package.json', () => {
  test.each(folders)('of %s names what its code imports, so that an app ships that and no more', (folder) => {
    const files = sourcesIn(join(workspaceRoot, folder, 'src')).filter((file) => !isForSpecs(file));
    const { name: own, dependencies, peerDependencies, private: isPrivate = false } = manifestOf(folder);
    const used = [...new Set(files.flatMap(importedBy))].filter((name) => name !== own).sort();
    const all = { ...dependencies, ...peerDependencies };
    expect(used.filter((name) => all[name] === undefined)).toEqual([]);
    const imported = used.filter((name) => !isOwn(name));
    const named = Object.entries(all).filter(([name]) => !isOwn(name));
    const names = named.map(([name]) => name);
    // A package that is published also names what its types are made of, and what it has for specs.
    if (isPrivate) expect(names.sort()).toEqual(imported);
    // The version of an app's stands in the root's package.json, once.
    if (isPrivate) expect(named.filter(([, range]) => range !== '*')).toEqual([]);
  });

  test('of the root pins every one of them, and none that nobody imports', () => {
    const named = new Set(
      folders.flatMap((folder) => {
        const { dependencies, peerDependencies, devDependencies } = manifestOf(folder);
        return Object.keys({ ...dependencies, ...peerDependencies, ...devDependencies });
      }),
    );
    const pinned = { ...root.dependencies, ...root.devDependencies };
    expect([...named].filter((name) => !isOwn(name) && pinned[name] === undefined)).toEqual([]);
    const unused = Object.keys(root.dependencies ?? {}).filter((name) => !named.has(name));
    expect(unused).toEqual(neededByNest);
    expect(Object.values(pinned).filter((version) => !/^\d+\.\d+\.\d+/.test(version))).toEqual([]);
  });
});

/** Nest asks its user for this (a peer dependency). */
const neededByNest = ['reflect-metadata'];

/** Those that are published, tools among them. */
const published = [...folders, ...foldersIn('tools')].filter((folder) => manifestOf(folder).private !== true);

describe('a package that is published', () => {
  test.each(published)(
    '%s says what it is, ships what is built, and goes to no other registry by itself',
    (folder) => {
      const { license, files = [], publishConfig, version } = manifestOf(folder);
      expect({ license, version }).toEqual({ license: 'MIT', version: root.version });
      expect(files.length).toBeGreaterThan(0);
      expect(new URL(publishConfig?.registry ?? 'none:').hostname).toBe('127.0.0.1');
      for (const file of ['LICENSE', 'README.md'])
        expect(existsSync(join(workspaceRoot, folder, file))).toBe(true);
    },
  );

  test.each(published)(
    '%s depends on published packages alone, in ranges that the workspace is tried with',
    (folder) => {
      const { dependencies, peerDependencies } = manifestOf(folder);
      const pinned = { ...root.dependencies, ...root.devDependencies };
      for (const [name, range] of Object.entries({ ...dependencies, ...peerDependencies })) {
        const own = published.find((each) => manifestOf(each).name === name);
        if (isOwn(name))
          expect({ name, range, isPublished: own !== undefined }).toEqual({
            name,
            range: root.version,
            isPublished: true,
          });
        else
          expect({ name, range, fits: fits(pinned[name] ?? '', range) }).toEqual({ name, range, fits: true });
      }
    },
  );
});

/** Whether a pinned version is in a range: `^1.2.3`, or from one version up to another. */
function fits(pinned: string, range: string): boolean {
  const compare = (a: string, b: string) =>
    numbersOf(a)
      .map((each, index) => each - (numbersOf(b)[index] ?? 0))
      .find((difference) => difference !== 0) ?? 0;
  const [, least = ''] = /^(?:\^|>=)(\S+)/.exec(range) ?? [];
  const [, below = ''] = / <(\S+)$/.exec(range) ?? [];
  if (numbersOf(pinned).length !== 3 || least === '' || compare(pinned, least) < 0) return false;
  if (below !== '') return compare(pinned, below) < 0;
  const [major, minor] = numbersOf(pinned);
  const [fixed, then] = numbersOf(least);
  return major === fixed && (major !== 0 || minor === then);
}

const numbersOf = (version: string): readonly number[] =>
  (/^(\d+)\.(\d+)\.(\d+)/.exec(version) ?? []).slice(1).map(Number);
