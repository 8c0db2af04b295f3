import type { Tree } from '@nx/devkit';
import ts from 'typescript';
import { textOf } from '../registration/json.js';
import { elementsOf, objectAt } from '../registration/source.js';
import type { Field, Plan } from './plan.js';

/** In the sample data: one of the customer that specs sign in first, and one of the second's. */
export const sampleIds: Readonly<Record<string, readonly [string, string]>> = {
  order: ['ord_000003', 'ord_000014'],
  payment: ['pay_000003', 'pay_000014'],
};

/**
 * What is to be done about an endpoint that asks for what belongs to customers: the gateway's test of access asks for each
 * customer's with the other's credential, and fails until it has an id of either. Undefined where it has them, or where
 * nothing is asked for.
 */
export function idsWanted(tree: Tree, access: string, plan: Plan, path: string): string | undefined {
  if (plan.scopes === undefined || !tree.exists(access)) return undefined;
  const known = elementsOf(tree, access, objectAt('ids')).map((text) => keyIn(text));
  const wanted = [...new Set(plan.fields.flatMap((field) => keyOf(field, path)))].filter(
    (key) => !known.includes(key),
  );
  if (wanted.length === 0) return undefined;
  const line = lineOf(textOf(tree, access), 'ids');
  const entries = wanted.map((key) => {
    const [first, second] = sampleIds[key] ?? ['…', '…'];
    return `\n  ${/^\w+$/.test(key) ? key : `'${key}'`}: ['${first}', '${second}'],`;
  });
  return `${access}:${line} fails until its ids have one of the first user's and one of the second's:${entries.join('')}`;
}

/** Under what the test has ids of it: what it is or, where it does not say, where it stands in the path. */
function keyOf({ name, id }: Field, path: string): readonly string[] {
  if (id !== undefined) return id.owner === 'nobody' ? [] : [id.entity];
  const [, before] = new RegExp(`([^/]+)/:${name}(?:/|$)`).exec(path) ?? [];
  return before === undefined ? [] : [`${before}/{${name}}`];
}

/** `order` of `order: [() => …]`, `sessions/{id}` of `'sessions/{id}': […]`. */
const keyIn = (text: string): string =>
  /^(?:'([^']+)'|(\w+(?:-\w+)*))/.exec(text)?.slice(1).find(Boolean) ?? '';

/** The line, counted from one, in which a property begins; the first where there is none. */
function lineOf(text: string, property: string): number {
  const source = ts.createSourceFile('', text, ts.ScriptTarget.Latest, true);
  let line = 1;
  const visit = (node: ts.Node): void => {
    if (ts.isPropertyAssignment(node) && node.name.getText(source) === property)
      line = source.getLineAndCharacterOfPosition(node.getStart(source)).line + 1;
    ts.forEachChild(node, visit);
  };
  visit(source);
  return line;
}
