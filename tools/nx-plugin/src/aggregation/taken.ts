import type { Tree } from '@nx/devkit';
import ts from 'typescript';
import { Refusal } from '../refusal.js';
import { textOf } from '../registration/json.js';

/** What an aggregation would declare in a gateway. */
export interface Declared {
  /** `/v1/showcase/:productId` */
  readonly path: string;
  /** `kiosk.showcase`, as metrics and documents have it. */
  readonly aggregate: string;
}

/**
 * @throws Refusal where the gateway's source has one of them already: it would not start, or could not be told from the
 * other
 */
export function refuseDeclared(tree: Tree, folder: string, { path, aggregate }: Declared): void {
  for (const file of sourcesIn(tree, folder)) {
    const { addresses, names } = declarationsOf(tree, file);
    if (addresses.some((each) => shapeOf(each) === shapeOf(path)))
      throw new Refusal(`GET ${path} is taken: ${file} answers it; choose another name`);
    const name = names.find((each) => each === aggregate);
    if (name !== undefined) throw new Refusal(`"${name}" is taken: ${file} declares it; choose another name`);
  }
}

/** Where a file answers GET, as OpenAPI writes it: `GET /v1/showcase/{productId}`. */
export function routesIn(tree: Tree, file: string): readonly string[] {
  return declarationsOf(tree, file).addresses.map((each) => `GET /${each.replaceAll(/:(\w+)/g, '{$1}')}`);
}

/** What a parameter is called makes no other address. */
const shapeOf = (path: string): string =>
  path
    .split('/')
    .filter((segment) => segment !== '')
    .map((segment) => (segment.startsWith(':') ? ':' : segment))
    .join('/');

function sourcesIn(tree: Tree, folder: string): readonly string[] {
  return tree.children(folder).flatMap((child) => {
    const path = `${folder}/${child}`;
    if (!tree.isFile(path)) return sourcesIn(tree, path);
    return path.endsWith('.ts') && !path.endsWith('.spec.ts') ? [path] : [];
  });
}

function declarationsOf(tree: Tree, file: string) {
  const source = ts.createSourceFile(file, textOf(tree, file), ts.ScriptTarget.Latest, true);
  const addresses: string[] = [];
  const names: string[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isClassDeclaration(node)) {
      addresses.push(...addressesOf(node));
    }
    const [text = ''] = textsOf(node, 'route');
    if (text.startsWith('GET ')) addresses.push(text.slice('GET '.length));
    names.push(...textsOf(node, 'aggregate'));
    ts.forEachChild(node, visit);
  };
  visit(source);
  return { addresses, names };
}

/** Where a controller answers GET. */
function addressesOf(controller: ts.ClassDeclaration): readonly string[] {
  const prefixes = decoratedBy(controller, 'Controller');
  const paths = controller.members.flatMap((member) => decoratedBy(member, 'Get'));
  return prefixes.flatMap((prefix) => paths.map((path) => `${prefix}/${path}`));
}

/** `@Get('home')` is by `home`, `@Get()` by nothing. */
function decoratedBy(node: ts.Node, decorator: string): readonly string[] {
  const decorators = ts.canHaveDecorators(node) ? (ts.getDecorators(node) ?? []) : [];
  return decorators.flatMap(({ expression }) => {
    if (!isCallOf(expression, decorator)) return [];
    return expression.arguments.length === 0 ? [''] : textsOf(expression, decorator);
  });
}

/** The texts that a function's first argument is, where the node calls that function. */
function textsOf(node: ts.Node, called: string): readonly string[] {
  if (!isCallOf(node, called)) return [];
  const [first] = node.arguments;
  const all = first !== undefined && ts.isArrayLiteralExpression(first) ? first.elements : [first];
  return all.flatMap((each) => (each !== undefined && ts.isStringLiteralLike(each) ? [each.text] : []));
}

function isCallOf(node: ts.Node, called: string): node is ts.CallExpression {
  return ts.isCallExpression(node) && ts.isIdentifier(node.expression) && node.expression.text === called;
}
