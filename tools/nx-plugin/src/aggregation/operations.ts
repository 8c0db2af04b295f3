import type { Operation } from '../workspace.js';
import { jsonSchemaOf } from './sample.js';

/** What is read of an operation to ask it, and to make something of its answer. */

export const isForOperators = ({ access }: Operation): boolean =>
  access?.gatewayOnly === true || (access?.roles ?? []).length > 0;

export function requiredOf({ input }: Operation): readonly string[] {
  return jsonSchemaOf(input, 'input').required ?? [];
}

/** Of what a field of an input has ids: of one, or of many. */
export interface IdField {
  readonly entity: string;
  readonly owner: 'customer' | 'nobody';
  readonly isMany: boolean;
}

export function idFieldOf({ input }: Operation, field: string): IdField | undefined {
  const schema = jsonSchemaOf(input, 'input').properties?.[field];
  const isMany = schema?.items?.['x-entity'] !== undefined;
  const { 'x-entity': entity, 'x-owner': owner = 'customer' } = (isMany ? schema?.items : schema) ?? {};
  return entity === undefined ? undefined : { entity, owner, isMany };
}

export interface IdSource {
  readonly operation: Operation;
  /** The list in its answer. */
  readonly list: string;
  /** The field of an item. */
  readonly id: string;
}

/** Where ids come from that a query by ids is asked with: the first list among what is asked before that has ids of the same entity. */
export function sourceOf(operation: Operation, before: readonly Operation[]): IdSource | undefined {
  const wanted = operation.byIds && idFieldOf(operation, operation.byIds.ids)?.entity;
  if (wanted === undefined) return undefined;
  for (const source of before) {
    const lists = Object.entries(jsonSchemaOf(source.output, 'output').properties ?? {});
    for (const [list, { items }] of lists) {
      const found = Object.entries(items?.properties ?? {}).find(([, each]) => each['x-entity'] === wanted);
      if (found !== undefined) return { operation: source, list, id: found[0] };
    }
  }
  return undefined;
}

/** An empty list, where an operation may answer with one. */
export function emptyOf({ output }: Operation): string | undefined {
  const items = jsonSchemaOf(output, 'output').properties?.['items'];
  return items !== undefined && output.safeParse({ items: [] }).success ? '{ items: [] }' : undefined;
}
