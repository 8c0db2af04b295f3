import type { Tree } from '@nx/devkit';
import ts from 'typescript';
import { Refusal } from '../refusal.js';
import { textOf } from './json.js';
import { withElement, withoutElement, type Written } from './list.js';

/** Edits of TypeScript by its syntax tree; what is not edited stays as it is. Formatting is left to the formatter. */

/** Adds an import of a file beside it, in the order of names, unless it is there. */
export function addImport(tree: Tree, file: string, name: string, from: string): void {
  const { source, text } = read(tree, file);
  const imports = source.statements.filter(ts.isImportDeclaration);
  if (imports.some((each) => moduleOf(each) === from)) return;
  const next = imports.find((each) => {
    const module = moduleOf(each);
    return module.startsWith('.') && module.localeCompare(from, 'en') > 0;
  });
  const at = next?.getStart(source) ?? lineAfter(text, imports.at(-1)?.getEnd() ?? 0);
  tree.write(file, `${text.slice(0, at)}import { ${name} } from '${from}';\n${text.slice(at)}`);
}

export function removeImport(tree: Tree, file: string, from: string): void {
  const { source, text } = read(tree, file);
  const found = source.statements.filter(ts.isImportDeclaration).find((each) => moduleOf(each) === from);
  if (found === undefined) return;
  tree.write(file, text.slice(0, found.getStart(source)) + text.slice(lineAfter(text, found.getEnd())));
}

/** The names that a module exports, of those that a file imports from it. */
export function importedFrom(tree: Tree, file: string, from: string): readonly string[] {
  const { source } = read(tree, file);
  return source.statements
    .filter(ts.isImportDeclaration)
    .filter((each) => moduleOf(each) === from)
    .map(({ importClause }) => importClause?.namedBindings)
    .filter((bindings) => bindings !== undefined && ts.isNamedImports(bindings))
    .flatMap(({ elements }) => elements.map(({ name, propertyName }) => (propertyName ?? name).text));
}

/** The names that a file gives to what it imports from a module. */
export function localNames(tree: Tree, file: string, from: string): readonly string[] {
  const { source } = read(tree, file);
  return source.statements
    .filter(ts.isImportDeclaration)
    .filter((each) => moduleOf(each) === from)
    .flatMap(({ importClause: clause }) => {
      const bindings = clause?.namedBindings;
      const named = bindings !== undefined && ts.isNamedImports(bindings) ? bindings.elements : [];
      return [...(clause?.name === undefined ? [] : [clause.name]), ...named.map(({ name }) => name)];
    })
    .map(({ text }) => text);
}

/** What a file imports from, as it is written there. */
export function modulesOf(tree: Tree, file: string): readonly string[] {
  const { source } = read(tree, file);
  return source.statements.filter(ts.isImportDeclaration).map(moduleOf);
}

function moduleOf({ moduleSpecifier }: ts.ImportDeclaration): string {
  return ts.isStringLiteral(moduleSpecifier) ? moduleSpecifier.text : '';
}

/** How a list or an object is found in a file. */
type Finder<N extends ts.Node> = (node: ts.Node) => N | undefined;

/** The list that a constant is. */
export function listNamed(name: string): Finder<ts.ArrayLiteralExpression> {
  return (node) =>
    ts.isVariableDeclaration(node) &&
    ts.isIdentifier(node.name) &&
    node.name.text === name &&
    node.initializer !== undefined &&
    ts.isArrayLiteralExpression(node.initializer)
      ? node.initializer
      : undefined;
}

/** The list or object that stands under a key, wherever that is. */
export function listAt(key: string): Finder<ts.ArrayLiteralExpression> {
  return (node) => {
    const value = valueAt(node, key);
    return value !== undefined && ts.isArrayLiteralExpression(value) ? value : undefined;
  };
}

export function objectAt(key: string): Finder<ts.ObjectLiteralExpression> {
  return (node) => {
    const value = valueAt(node, key);
    return value !== undefined && ts.isObjectLiteralExpression(value) ? value : undefined;
  };
}

function valueAt(node: ts.Node, key: string): ts.Expression | undefined {
  if (!ts.isPropertyAssignment(node)) return undefined;
  return node.name.getText().replaceAll(/['"]/g, '') === key ? node.initializer : undefined;
}

/** Adds an element or a property at the end, or before the element that `before` picks. */
export function addElement(
  tree: Tree,
  file: string,
  find: Finder<ts.ArrayLiteralExpression | ts.ObjectLiteralExpression>,
  element: string,
  before?: (text: string) => boolean,
): void {
  const { written, texts } = found(tree, file, find);
  if (texts.includes(element)) return;
  const next = before === undefined ? -1 : texts.findIndex(before);
  tree.write(file, withElement(written, element, next < 0 ? undefined : next));
}

/** Takes out the element that `is` picks, with its comma and its comments. */
export function removeElement(
  tree: Tree,
  file: string,
  find: Finder<ts.ArrayLiteralExpression | ts.ObjectLiteralExpression>,
  is: (text: string) => boolean,
): void {
  const { written, texts } = found(tree, file, find);
  const index = texts.findIndex(is);
  if (index >= 0) tree.write(file, withoutElement(written, index));
}

/** The elements as they are written. */
export function elementsOf(
  tree: Tree,
  file: string,
  find: Finder<ts.ArrayLiteralExpression | ts.ObjectLiteralExpression>,
): readonly string[] {
  return found(tree, file, find).texts;
}

function found(
  tree: Tree,
  file: string,
  find: Finder<ts.ArrayLiteralExpression | ts.ObjectLiteralExpression>,
) {
  const { source, text } = read(tree, file);
  let result: ts.ArrayLiteralExpression | ts.ObjectLiteralExpression | undefined;
  const visit = (node: ts.Node): void => {
    result ??= find(node);
    if (result === undefined) ts.forEachChild(node, visit);
  };
  visit(source);
  if (result === undefined)
    throw new Refusal(`${file} is not as generators know it: what they add to is not there`);
  const nodes: readonly ts.Node[] = ts.isArrayLiteralExpression(result) ? result.elements : result.properties;
  const elements = nodes.map((each) => ({ start: each.getStart(source), end: each.getEnd() }));
  const written: Written = { text, open: result.getStart(source) + 1, elements };
  return { written, texts: nodes.map((each) => each.getText(source)) };
}

function read(tree: Tree, file: string) {
  const text = textOf(tree, file);
  return { text, source: ts.createSourceFile(file, text, ts.ScriptTarget.Latest, true) };
}

function lineAfter(text: string, at: number): number {
  const end = text.indexOf('\n', at);
  return end < 0 ? text.length : end + 1;
}
