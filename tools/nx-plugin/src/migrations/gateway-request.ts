import { formatFiles, type Tree } from '@nx/devkit';
import ts from 'typescript';
import { filesIn } from '../folder.js';
import { importedFrom } from '../registration/source.js';

const GATEWAY = '@facet/gateway';
const BEFORE = 'IncomingRequest';
const NOW = 'GatewayRequest';

/**
 * `IncomingRequest` is `GatewayRequest`, and has itself what its `context` had: `request.context.caller` is `request.caller`,
 * `{ context: { caller } }` is `{ caller }`.
 */
export async function gatewayRequest(tree: Tree): Promise<void> {
  const sources = ['apps', 'libs']
    .flatMap((folder) => filesIn(tree, folder))
    .filter((file) => file.endsWith('.ts') && !/(?:^|\/)(?:node_modules|dist)\//.test(file));
  for (const file of sources) {
    const text = tree.read(file, 'utf8') ?? '';
    if (!text.includes(BEFORE) || !importedFrom(tree, file, GATEWAY).includes(BEFORE)) continue;
    tree.write(file, migrated(file, text));
  }
  await formatFiles(tree);
}

/** A text that takes the place of another. */
interface Edit {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

function migrated(file: string, text: string): string {
  const source = ts.createSourceFile(file, text, ts.ScriptTarget.Latest, true);
  const requests = requestsIn(source);
  const edits: Edit[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isIdentifier(node) && node.text === BEFORE) edits.push({ ...spanOf(node, source), text: NOW });
    const edit = withoutContext(node, requests, source);
    if (edit !== undefined) edits.push(edit);
    ts.forEachChild(node, visit);
  };
  visit(source);
  return edits
    .toSorted((a, b) => b.start - a.start)
    .reduce((found, { start, end, text: by }) => found.slice(0, start) + by + found.slice(end), text);
}

const spanOf = (node: ts.Node, source: ts.SourceFile) => ({
  start: node.getStart(source),
  end: node.getEnd(),
});

interface Requests {
  /** What parameters of that type are called. */
  readonly names: ReadonlySet<string>;
  /** The patterns that take such a parameter apart. */
  readonly patterns: ReadonlySet<ts.Node>;
}

function requestsIn(source: ts.SourceFile): Requests {
  const names = new Set<string>();
  const patterns = new Set<ts.Node>();
  const visit = (node: ts.Node): void => {
    const isRequest =
      (ts.isParameter(node) || ts.isVariableDeclaration(node)) && node.type?.getText(source) === BEFORE;
    if (isRequest && ts.isIdentifier(node.name)) names.add(node.name.text);
    if (isRequest && ts.isObjectBindingPattern(node.name)) patterns.add(node.name);
    ts.forEachChild(node, visit);
  };
  visit(source);
  return { names, patterns };
}

function withoutContext(
  node: ts.Node,
  { names, patterns }: Requests,
  source: ts.SourceFile,
): Edit | undefined {
  if (ts.isPropertyAccessExpression(node) && node.name.text === 'context') {
    const { expression } = node;
    if (ts.isIdentifier(expression) && names.has(expression.text))
      return { ...spanOf(node, source), text: expression.text };
  }
  if (!ts.isBindingElement(node) || !patterns.has(node.parent)) return undefined;
  if (node.propertyName?.getText(source) !== 'context' || !ts.isObjectBindingPattern(node.name))
    return undefined;
  const inner = node.name.elements.map((each) => each.getText(source)).join(', ');
  return { ...spanOf(node, source), text: inner };
}
