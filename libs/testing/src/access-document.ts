import { idsInJson } from '@facet/contracts';

/** A route as the gateway's document has it. */
export interface Route {
  /** `GET /v1/orders/{id}` */
  readonly name: string;
  readonly method: string;
  readonly path: string;
  readonly isPublic: boolean;
  readonly scopes: readonly string[];
  /** Every id that it asks for. */
  readonly ids: readonly AskedId[];
  /** What its query has to have besides. */
  readonly query: Readonly<Record<string, string>>;
}

/** An id that a route asks for. */
export interface AskedId {
  /** Of what, as `AccessExpectations.ids` has it. */
  readonly key: string;
  readonly owner?: 'customer' | 'nobody';
  readonly in: 'path' | 'query' | 'body';
  /** `id`, `ids[]`, `lines[].orderId` */
  readonly at: string;
}

export interface DocumentedRoute {
  readonly security: readonly Record<string, string[]>[];
  readonly parameters?: readonly {
    readonly name: string;
    readonly in: string;
    readonly required?: boolean;
    readonly schema?: Schema;
  }[];
  readonly requestBody?: { readonly content?: Readonly<Record<string, { readonly schema?: object }>> };
}

interface Schema {
  readonly type?: string;
  readonly enum?: readonly unknown[];
  readonly default?: unknown;
  readonly minimum?: number;
  readonly 'x-entity'?: string;
  readonly 'x-owner'?: 'customer' | 'nobody';
}

export interface Document {
  readonly components?: { readonly schemas?: Readonly<Record<string, object>> };
  readonly paths: Readonly<Record<string, Readonly<Record<string, DocumentedRoute>>>>;
}

export function routesOf({ paths, components = {} }: Document): Route[] {
  return Object.entries(paths).flatMap(([path, operations]) =>
    Object.entries(operations).map(([verb, documented]) => {
      const { security } = documented;
      const method = verb.toUpperCase();
      const scopes = [...new Set(security.flatMap((scheme) => Object.values(scheme).flat()))];
      const { requestBody } = inPlace(documented, components.schemas ?? {});
      const ids = askedIds(path, { ...documented, ...(requestBody && { requestBody }) });
      return {
        ...{ name: `${method} ${path}`, method, path, isPublic: security.length === 0, scopes, ids },
        query: queryOf(documented, ids),
      };
    }),
  );
}

/** A description with its references replaced by what they lead to; what leads back to itself ends there. */
function inPlace<T>(value: T, schemas: Readonly<Record<string, object>>, within: readonly string[] = []): T {
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map((each: unknown) => inPlace(each, schemas, within)) as T;
  const { $ref } = value as { $ref?: string };
  const name = $ref?.replace('#/components/schemas/', '') ?? '';
  const found = within.includes(name) ? undefined : schemas[name];
  if (found !== undefined) return inPlace(found, schemas, [...within, name]) as T;
  return Object.fromEntries(
    Object.entries(value).map(([key, each]) => [key, inPlace(each, schemas, within)]),
  ) as T;
}

/** Every id that a route asks for, by what the gateway's document says of its path, its query and its body. */
export function askedIds(
  path: string,
  { parameters = [], requestBody }: DocumentedRoute,
): readonly AskedId[] {
  const inPath = [...path.matchAll(/([^/]*)\/\{(\w+)\}/g)].map(([, before = '', name = '']): AskedId => {
    const { 'x-entity': entity, 'x-owner': owner } =
      parameters.find((each) => each.in === 'path' && each.name === name)?.schema ?? {};
    const key = entity ?? `${before}/{${name}}`;
    return { key, in: 'path', at: name, ...(owner === undefined ? {} : { owner }) };
  });
  const query = parameters.filter((each) => each.in === 'query');
  const properties = Object.fromEntries(query.map(({ name, schema = {} }) => [name, schema]));
  const body = Object.values(requestBody?.content ?? {})[0]?.schema ?? {};
  return [...inPath, ...placed('query', { properties }), ...placed('body', body)];
}

function placed(place: AskedId['in'], schema: object): readonly AskedId[] {
  return idsInJson(schema).map(({ at, entity, owner }) => ({
    ...{ key: entity ?? at.replace(/^.*\.|\[\]/g, ''), in: place, at },
    ...(owner === undefined ? {} : { owner }),
  }));
}

/** Something for what a query has to have beside ids. */
function queryOf({ parameters = [] }: DocumentedRoute, ids: readonly AskedId[]): Route['query'] {
  const needed = parameters
    .filter(({ in: place, required }) => place === 'query' && required === true)
    .filter(({ name }) => !ids.some((id) => id.in === 'query' && id.at.replace('[]', '') === name));
  return Object.fromEntries(needed.map(({ name, schema = {} }) => [name, someOf(schema)]));
}

function someOf({ enum: choices, default: byDefault, type, minimum = 1 }: Schema): string {
  if (byDefault !== undefined || choices !== undefined) return String(byDefault ?? choices?.[0]);
  return type === 'integer' || type === 'number' ? String(minimum) : 'some';
}
