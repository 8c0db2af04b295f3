import type { Json } from '../documents/contract-document.js';
import { operationsOf } from './documents.js';

/** An endpoint of a gateway that calls a service's operation. */
export interface Use {
  readonly gateway: string;
  /** `GET /v1/home` */
  readonly endpoint: string;
  /** The part of an aggregation or the step of a saga that calls it; undefined where the answer is passed on. */
  readonly part?: string;
}

interface Part {
  readonly name: string;
  readonly service: string;
  readonly operation: string;
  readonly fields?: readonly string[];
}

interface Step {
  readonly name: string;
  readonly operation: string;
  readonly undoneBy?: string;
}

/** Which endpoints call `pattern`, and read `field` of its answer where one is given, by the gateways' own documents. */
export function usesOf(
  gateways: readonly (readonly [name: string, document: Json])[],
  pattern: string,
  field?: string,
): readonly Use[] {
  const found = gateways.flatMap(([gateway, document]) =>
    [...operationsOf(document).values()].flatMap(({ name, operation }) =>
      callersIn(operation, pattern, field).map((part) => ({
        ...{ gateway, endpoint: name },
        ...(part === undefined ? {} : { part }),
      })),
    ),
  );
  const keyOf = ({ gateway, endpoint, part = '' }: Use) => `${gateway} ${endpoint} ${part}`;
  return [...new Map(found.map((use) => [keyOf(use), use])).values()];
}

function callersIn(operation: Json, pattern: string, field: string | undefined): (string | undefined)[] {
  const passedOn = operation['x-facet-operation'] === pattern ? [undefined] : [];
  const { parts = [] } = (operation['x-facet-aggregation'] ?? {}) as { parts?: readonly Part[] };
  const { steps = [], reads = [] } = (operation['x-facet-saga'] ?? {}) as {
    steps?: readonly Step[];
    reads?: readonly string[];
  };
  return [
    ...passedOn,
    ...parts
      .filter((part) => `${part.service}.${part.operation}` === pattern && isRead(part.fields, field))
      .map(({ name }) => name),
    ...steps
      .filter((step) => step.operation === pattern || step.undoneBy === pattern)
      .map(({ name }) => name),
    ...(reads.includes(pattern) ? ['what is read before'] : []),
  ];
}

/** Whether one is the other, or within it. All fields are read where none is named. */
function isRead(fields: readonly string[] | undefined, field: string | undefined): boolean {
  if (fields === undefined || field === undefined || field === '') return true;
  return fields.some((each) => `${each}.`.startsWith(`${field}.`) || `${field}.`.startsWith(`${each}.`));
}
