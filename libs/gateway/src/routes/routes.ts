import type { Caller, InputOf, Operation } from '@facet/contracts';
import type { Access } from '@facet/access';
import type { Criticality } from '@facet/policy';
import { inputSchemaOf } from '../answers/input.js';
import { checkDeprecation, type Deprecation } from './deprecation.js';

export type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';

type Place = 'path' | 'query' | 'body';

/**
 * Where a field of the operation's input comes from: `query` under its own name, `query:p` under another, `caller:…`
 * from who was proven to call. What is not named cannot be sent.
 */
export type Source = Place | `${Place}:${string}` | `caller:${keyof Caller}` | 'header:idempotency-key';

export interface RouteOptions<O extends Operation> {
  readonly access: Access;
  readonly input?: { readonly [Field in keyof InputOf<O>]?: Source };
  readonly summary?: string;
  readonly deprecated?: Deprecation;
  /** As how many requests one counts against the caller's plan. Default 1. */
  readonly cost?: number;
  /** What is lost by turning a request away when too much is asked. Default `normal`. */
  readonly criticality?: Criticality;
}

/** One operation that is passed straight through. */
export interface PassThroughRoute {
  readonly method: Method;
  /** `/v1/products/:id/reviews` */
  readonly path: string;
  readonly operation: Operation;
  readonly access: Access;
  readonly summary: string;
  readonly deprecated?: Deprecation;
  readonly cost: number;
  readonly criticality: Criticality;
  /** Field by field. */
  readonly sources: ReadonlyMap<string, FieldSource>;
}

export interface FieldSource {
  readonly from: Place | 'caller' | 'header';
  readonly name: string;
}

/**
 * Allows one operation of a service to be called from outside: `route('GET /v1/categories', catalog.categories, …)`.
 * Throws where a field that is needed has no source, or a source is given to a field that the operation does not have.
 */
export function route<O extends Operation>(
  address: `${Method} /${string}`,
  operation: O,
  {
    access,
    input = {},
    summary = operation.summary,
    deprecated,
    cost = 1,
    criticality = 'normal',
  }: RouteOptions<O>,
): PassThroughRoute {
  const [method, path] = address.split(' ', 2) as [Method, string];
  const sources = new Map(
    Object.entries(input).map(([field, source]) => [field, sourceOf(field, source as Source)]),
  );
  const outdated = deprecated === undefined ? {} : { deprecated: checkDeprecation(deprecated) };
  const made = { method, path, operation, access, summary, sources, cost, criticality, ...outdated };
  checkRoute(made);
  return Object.freeze(made);
}

function sourceOf(field: string, source: Source): FieldSource {
  const [from, name = field] = source.split(':', 2) as [FieldSource['from'], string?];
  return { from, name };
}

function checkRoute({ method, path, operation, sources }: PassThroughRoute): void {
  const where = `${method} ${path}`;
  const { properties = {}, required = [] } = inputSchemaOf(operation.input) as {
    properties?: Record<string, unknown>;
    required?: string[];
  };
  for (const [field, { from, name }] of sources) {
    if (!(field in properties)) throw new Error(`${where}: ${operation.pattern} has no input "${field}"`);
    if (from === 'path' && !path.split('/').includes(`:${name}`)) {
      throw new Error(`${where}: "${field}" comes from the path, which has no ":${name}"`);
    }
    if (from === 'body' && method === 'GET')
      throw new Error(`${where}: "${field}" comes from a body; GET has none`);
  }
  const missing = required.find((field) => !sources.has(field));
  if (missing !== undefined) {
    throw new Error(`${where}: ${operation.pattern} needs "${missing}"; say in "input" where it comes from`);
  }
  if (operation.kind === 'command' && method === 'GET') {
    throw new Error(`${where}: ${operation.pattern} is a command, which GET may not be`);
  }
}
