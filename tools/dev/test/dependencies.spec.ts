import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { isBuiltin } from 'node:module';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import ts from 'typescript';
import { workspaceRoot } from '../src/apps.js';

interface Manifest {
  readonly name: string;
  readonly workspaces?: readonly string[];
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly devDependencies?: Readonly<Record<string, string>>;
}

const manifestOf = (folder: string): Manifest =>
  JSON.parse(readFileSync(join(workspaceRoot, folder, 'package.json'), 'utf8')) as Manifest;

const root = manifestOf('.');

/** What apps are made of: not the tools, which are never shipped and take what the root has. */
const folders = (root.workspaces ?? [])
  .filter((pattern) => !pattern.startsWith('tools/'))
  .map((pattern) => pattern.replace('/*', ''))
  .filter((parent) => existsSync(join(workspaceRoot, parent)))
  .flatMap((parent) => readdirSync(join(workspaceRoot, parent)).map((name) => `${parent}/${name}`))
  .filter((folder) => existsSync(join(workspaceRoot, folder, 'package.json')));

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
    const imported = [...new Set(files.flatMap(importedBy))].filter((name) => !isOwn(name)).sort();
    const named = Object.entries(manifestOf(folder).dependencies ?? {}).filter(([name]) => !isOwn(name));
    expect(named.map(([name]) => name).sort()).toEqual(imported);
    // The version stands in the root's package.json, once.
    expect(named.filter(([, version]) => version !== '*')).toEqual([]);
  });

  test('of the root pins every one of them, and none that nobody imports', () => {
    const named = new Set(
      folders.flatMap((folder) => {
        const { dependencies, devDependencies } = manifestOf(folder);
        return Object.keys({ ...dependencies, ...devDependencies });
      }),
    );
    const pinned = { ...root.dependencies, ...root.devDependencies };
    expect([...named].filter((name) => !isOwn(name) && pinned[name] === undefined)).toEqual([]);
    const unused = Object.keys(root.dependencies ?? {}).filter((name) => !named.has(name));
    expect(unused).toEqual(neededByNest);
    expect(Object.values(pinned).filter((version) => !/^\d+\.\d+\.\d+/.test(version))).toEqual([]);
  });
});

/** Nest asks its user for these (peer dependencies). */
const neededByNest = ['fastify', 'reflect-metadata'];
