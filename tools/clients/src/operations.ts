import type { Document, Json, Operation } from './document.js';

/** An operation that a client has: one that answers with JSON, or with nothing. */
export interface ClientOperation {
  readonly id: string;
  readonly method: string;
  readonly path: string;
  readonly summary: string | undefined;
  readonly isDeprecated: boolean;
  readonly query: readonly string[];
  /** Whether it is done once for each `Idempotency-Key`. */
  readonly isOnce: boolean;
  /** The schema of each piece, where it can be streamed. */
  readonly piece: Json | undefined;
  /** The codes of its problems, each with its status. */
  readonly problems: ReadonlyMap<string, number>;
}

/** Pages to go to and forms that others send are in the document and not in the client. */
export function operationsIn({ paths }: Document): readonly ClientOperation[] {
  return Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).flatMap(([method, operation]) =>
      isForClients(operation) ? [operationOf(method.toUpperCase(), path, operation)] : [],
    ),
  );
}

function isForClients({ responses = {} }: Operation): boolean {
  return Object.entries(responses).some(
    ([status, { content }]) =>
      status === '204' || (status.startsWith('2') && content?.[JSON_TYPE] !== undefined),
  );
}

const JSON_TYPE = 'application/json';
const PIECES = 'application/x-ndjson';

function operationOf(method: string, path: string, operation: Operation): ClientOperation {
  const { operationId: id, summary, deprecated = false, parameters = [], responses = {} } = operation;
  const problems = Object.entries(responses).flatMap(([status, { content }]) =>
    codesIn(content?.['application/problem+json']?.schema).map((code) => [code, Number(status)] as const),
  );
  return {
    ...{ id, method, path, summary, isDeprecated: deprecated },
    query: parameters.filter((each) => each.in === 'query').map(({ name }) => name),
    isOnce: parameters.some((each) => each.in === 'header' && each.name.toLowerCase() === 'idempotency-key'),
    piece: Object.values(responses).find(({ content }) => content?.[PIECES])?.content?.[PIECES]?.schema,
    problems: new Map(problems.sort(([a], [b]) => (a < b ? -1 : 1))),
  };
}

interface ProblemSchema {
  readonly allOf?: readonly {
    readonly properties?: { readonly code?: { readonly enum?: readonly string[] } };
  }[];
}

const codesIn = (schema: Json = {}): readonly string[] =>
  ((schema as ProblemSchema).allOf ?? []).flatMap(({ properties }) => properties?.code?.enum ?? []);
