import type { Json } from '../documents/contract-document.js';
import { markOf } from '../diff/schemas.js';
import { operationsOf } from '../diff/documents.js';

/** A route, or a field of one, that is to go. */
export interface Deprecated {
  readonly gateway: string;
  readonly method: string;
  /** As metrics have it: `/v1/items/:id`. */
  readonly route: string;
  /** Empty for the route itself; `query q`, `body lines.note` or `answer items.brand`. */
  readonly field: string;
  readonly sunset?: string;
}

/** Everything that a gateway's document says is deprecated. */
export function deprecatedIn(gateway: string, document: Json): readonly Deprecated[] {
  return [...operationsOf(document).values()].flatMap(({ name, operation }) => {
    const [method = '', path = ''] = name.split(' ');
    const at = { gateway, method, route: path.replaceAll(/\{(\w+)\}/g, ':$1') };
    const own = markOf(operation);
    const fields = (operation['x-facet-deprecated'] ?? []) as readonly { field: string; sunset?: string }[];
    return [
      ...(own === undefined ? [] : [{ ...at, field: '', ...own }]),
      ...fields.map(({ field, sunset }) => ({ ...at, field, ...(sunset === undefined ? {} : { sunset }) })),
    ];
  });
}
