import type { Tree } from '@nx/devkit';
import ts from 'typescript';
import { textOf } from '../registration/json.js';
import type { Field, Plan } from './plan.js';

/** In the sample data: one of the specs' caller, and one of somebody else or, of what belongs to nobody, none at all. */
export const sampleObjects: Readonly<Record<string, { readonly own: string; readonly theirs: string }>> = {
  'orders.order.id': { own: 'ord_000003', theirs: 'ord_000014' },
  'catalog.product.id': { own: 'prd_0001', theirs: 'nothing-2' },
  'catalog.reviews.productId': { own: 'prd_0001', theirs: 'nothing-2' },
};

/**
 * What is to be done about a route that is not public and has an id in its path: the gateway's test of access asks for an
 * id of its caller's own and one of somebody else, and fails until it has them. Undefined for any other route.
 */
export function objectsWanted(tree: Tree, access: string, plan: Plan, path: string): string | undefined {
  if (plan.scopes === undefined || !path.includes('/:') || !tree.exists(access)) return undefined;
  const route = `'GET ${path.replaceAll(/:(\w+)/g, '{$1}')}'`;
  const known = sampleOf(plan);
  const { own, theirs } = known ?? { own: '…', theirs: '…' };
  const line = lineOf(textOf(tree, access), 'objects');
  return `${access}:${line} fails until its objects have an id of the caller's own and one of somebody else:
  ${route}: () => Promise.resolve({ own: '${own}', theirs: '${theirs}' }),`;
}

/** None proves anything where the part may be missing, or where more than the id has to be asked with. */
function sampleOf({ parts, fields }: Plan) {
  const [field, ...others] = fields;
  if (field === undefined || others.length > 0) return undefined;
  const isAsked = parts.some(({ operation: { service, name }, isRequired }) => {
    return isRequired && service === field.service && field.schema.startsWith(`${name}.`);
  });
  return isAsked ? sampleObjects[keyOf(field)] : undefined;
}

/** `catalog.product.id` of the schema `product.input.shape.id`. */
const keyOf = ({ service, schema }: Field): string => `${service}.${schema.replace('.input.shape', '')}`;

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
