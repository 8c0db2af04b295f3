import { formatFiles, updateJson, type Tree } from '@nx/devkit';
import ts from 'typescript';
import { filesIn } from '../folder.js';

const GATEWAY = '@facet/gateway';
const BEFORE = '@facet/policy';

/** What was off where a policy left it out, and has defaults now. */
const SECTIONS = ['compression', 'shedding', 'idempotency', 'cache'] as const;
/** Of `shedding`, where it left `maxDelayMs` out. */
const DELAY_BEFORE = 60;

/**
 * `@facet/policy` is part of `@facet/gateway`. In a policy `plans: { visitors, callers, named }` is
 * `rateLimits: { anonymous, callers, plans }`, and what was off says so, as what is left out has defaults now.
 */
export async function gatewayPolicy(tree: Tree): Promise<void> {
  const files = ['apps', 'libs']
    .flatMap((folder) => filesIn(tree, folder))
    .filter((file) => !/(?:^|\/)(?:node_modules|dist)\//.test(file));
  for (const file of files) {
    const text = tree.read(file, 'utf8') ?? '';
    if (file.endsWith('.ts') && text.includes(BEFORE)) tree.write(file, migrated(file, text));
    if (file.endsWith('/package.json') && text.includes(BEFORE)) leavePackage(tree, file);
    if (/\/tsconfig\.[^/]*json$/.test(file) && text.includes('libs/policy/')) leaveReference(tree, file);
  }
  await formatFiles(tree);
}

interface Manifest {
  readonly dependencies?: Record<string, string>;
  readonly devDependencies?: Record<string, string>;
}

function leavePackage(tree: Tree, file: string): void {
  updateJson<Manifest>(tree, file, (manifest) => {
    for (const group of [manifest.dependencies, manifest.devDependencies]) delete group?.[BEFORE];
    return manifest;
  });
}

function leaveReference(tree: Tree, file: string): void {
  updateJson<{ references?: { path: string }[] }>(tree, file, ({ references = [], ...rest }) => ({
    ...rest,
    references: references.filter(({ path }) => !path.includes('libs/policy/')),
  }));
}

/** A text that is put in the place of another. */
interface Edit {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

function migrated(file: string, text: string): string {
  const source = ts.createSourceFile(file, text, ts.ScriptTarget.Latest, true);
  return editsOf(source)
    .toSorted((a, b) => b.start - a.start)
    .reduce((found, { start, end, text: by }) => found.slice(0, start) + by + found.slice(end), text);
}

function editsOf(source: ts.SourceFile): Edit[] {
  const edits: Edit[] = [];
  const put = (node: ts.Node, text: string) =>
    edits.push({ start: node.getStart(source), end: node.getEnd(), text });
  const visit = (node: ts.Node): void => {
    if (ts.isStringLiteral(node) && node.text === BEFORE && ts.isImportDeclaration(node.parent))
      put(node, `'${GATEWAY}'`);
    if (ts.isCallExpression(node) && node.expression.getText(source) === 'definePolicy') {
      const [policy] = node.arguments;
      if (policy !== undefined && ts.isObjectLiteralExpression(policy)) editPolicy(policy, put, edits);
    }
    ts.forEachChild(node, visit);
  };
  visit(source);
  return edits;
}

function editPolicy(
  policy: ts.ObjectLiteralExpression,
  put: (node: ts.Node, text: string) => void,
  edits: Edit[],
): void {
  const plans = propertyOf(policy, 'plans');
  if (plans !== undefined) {
    rename(plans, 'rateLimits', put);
    for (const [before, now] of [
      ['visitors', 'anonymous'],
      ['named', 'plans'],
    ] as const) {
      const part = isObject(plans) ? propertyOf(plans.initializer, before) : undefined;
      if (part !== undefined) rename(part, now, put);
    }
  }
  const shedding = propertyOf(policy, 'shedding');
  if (
    shedding !== undefined &&
    isObject(shedding) &&
    propertyOf(shedding.initializer, 'maxDelayMs') === undefined
  )
    insert(edits, shedding.initializer, `maxDelayMs: ${DELAY_BEFORE},`);
  const off = SECTIONS.filter((name) => propertyOf(policy, name) === undefined);
  // Before all the rest: what is spread into the policy may have such a section.
  insert(edits, policy, off.map((name) => `${name}: false,`).join('\n'));
}

type Property = ts.PropertyAssignment | ts.ShorthandPropertyAssignment;

function propertyOf(object: ts.ObjectLiteralExpression, name: string): Property | undefined {
  return object.properties
    .filter((each) => ts.isPropertyAssignment(each) || ts.isShorthandPropertyAssignment(each))
    .find((each) => (ts.isIdentifier(each.name) || ts.isStringLiteral(each.name)) && each.name.text === name);
}

function isObject(
  property: Property,
): property is ts.PropertyAssignment & { readonly initializer: ts.ObjectLiteralExpression } {
  return ts.isPropertyAssignment(property) && ts.isObjectLiteralExpression(property.initializer);
}

function rename(property: Property, name: string, put: (node: ts.Node, text: string) => void): void {
  put(property.name, ts.isShorthandPropertyAssignment(property) ? `${name}: ${property.name.text}` : name);
}

/** Puts something right behind the brace that opens an object. */
function insert(edits: Edit[], object: ts.ObjectLiteralExpression, text: string): void {
  const at = object.getStart() + 1;
  if (text !== '') edits.push({ start: at, end: at, text: `\n${text}\n` });
}
