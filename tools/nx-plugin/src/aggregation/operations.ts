import type { Operation } from '../workspace.js';
import { jsonSchemaOf } from './sample.js';

/** What is read of an operation to ask it, and to make something of its answer. */

export const isForOperators = ({ access }: Operation): boolean =>
  access?.gatewayOnly === true || (access?.roles ?? []).length > 0;

export function requiredOf({ input }: Operation): readonly string[] {
  return jsonSchemaOf(input, 'input').required ?? [];
}

export interface IdSource {
  readonly operation: Operation;
  /** The list in its answer. */
  readonly list: string;
  /** The field of an item. */
  readonly id: string;
}

/** Where ids come from that a query by ids is asked with: the first list of things with an id among what is asked before. */
export function sourceOf({ byIds }: Operation, before: readonly Operation[]): IdSource | undefined {
  if (byIds === undefined) return undefined;
  for (const operation of before) {
    const lists = Object.entries(jsonSchemaOf(operation.output, 'output').properties ?? {});
    for (const [list, { items }] of lists) {
      const found = Object.keys(items?.properties ?? {});
      // What a customer owns has ids of its own: those of orders are not those of products.
      const names = operation.access?.owner === undefined ? ['productId', byIds.key] : ['productId'];
      const id = names.find((name) => found.includes(name));
      if (id !== undefined) return { operation, list, id };
    }
  }
  return undefined;
}

/** An empty list, where an operation may answer with one. */
export function emptyOf({ output }: Operation): string | undefined {
  return output.safeParse({ items: [] }).success ? '{ items: [] }' : undefined;
}
