import { z } from 'zod';

const METHODS = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE'] as const;
export type HttpMethod = (typeof METHODS)[number];

/** Fields of the input by the name that the service has for them: a list where both are the same. */
export type Placed = readonly string[] | Readonly<Record<string, string>>;

/**
 * How a service that speaks HTTP is asked for an operation. Each field of the input goes to one place: the path, the
 * query, a header or the body. Fields that are named nowhere go into the query where the method has no body (`GET`, `HEAD`,
 * `DELETE`), else into a JSON object that is the body.
 */
export interface HttpBinding {
  readonly method: HttpMethod;
  /** `/users/{id}/orders`: each placeholder is a field of the input, and is encoded. */
  readonly path: string;
  /** `['page', 'size']`, or `{ 'page[size]': 'size' }` where the service has another name for the field `size`. */
  readonly query?: Placed;
  /** How a list is written in the query: `tag=a&tag=b` (`repeat`, the default) or `tag=a,b` (`comma`). */
  readonly lists?: 'repeat' | 'comma';
  /** Headers, by the name of the header: `{ 'accept-language': 'locale' }`. */
  readonly headers?: Readonly<Record<string, string>>;
  /** A field whose value is the whole body, or the fields of the object that is the body. */
  readonly body?: string | readonly string[];
}

/** Where each field of an operation's input goes. Names are the service's, fields are the input's. */
export interface HttpPlaces {
  readonly path: readonly string[];
  readonly query: ReadonlyMap<string, string>;
  readonly headers: ReadonlyMap<string, string>;
  /** Undefined: there is no body. A text: the body is the value of that field. */
  readonly body: string | readonly string[] | undefined;
}

export const hasNoBody = (method: HttpMethod): boolean => ['GET', 'HEAD', 'DELETE'].includes(method);

/** Headers that the call itself sets, or that decide where a message ends. */
const RESERVED =
  /^(?:host|connection|content-length|content-type|transfer-encoding|te|trailer|upgrade|keep-alive|expect|proxy-.*|traceparent|x-facet-.*)$/i;
const TOKEN = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/;

/** Reads a binding. Throws an Error that names the operation and what does not fit its input. */
export function httpPlaces(summary: string, binding: HttpBinding, input: z.ZodType): HttpPlaces {
  const refuse = (what: string): never => {
    throw new Error(`"${summary}": http: ${what}`);
  };
  const { method, path, lists = 'repeat' } = binding;
  if (!METHODS.includes(method))
    refuse(`method: got ${String(method)}, expected one of ${METHODS.join(', ')}`);
  if (typeof path !== 'string' || !/^\/(?!\/)[^\s?#]*$/.test(path))
    refuse(`path: got ${JSON.stringify(path)}, expected a path as in /users/{id}`);
  if (lists !== 'repeat' && lists !== 'comma')
    refuse(`lists: got ${String(lists)}, expected repeat or comma`);
  const inPath = [...path.matchAll(/\{([^{}]*)\}/g)].map(([, field = '']) => field);
  if (/[{}]/.test(path.replaceAll(/\{[^{}]+\}/g, '')))
    refuse(`path: "${path}" has a brace without its other one`);
  const query = placed(binding.query);
  const headers = placed(binding.headers);
  for (const name of headers.keys())
    if (!TOKEN.test(name) || RESERVED.test(name)) refuse(`headers: "${name}" cannot be set by a contract`);
  const named = [...new Set(inPath), ...query.values(), ...headers.values(), ...[binding.body ?? []].flat()];
  const twice = named.find((field, at) => named.indexOf(field) !== at);
  if (twice !== undefined) refuse(`"${twice}" has two places`);
  const fields = fieldsOf(input);
  if (fields === undefined) {
    if (named.length > 0) refuse(`the input is no object, so that it has no "${named[0] as string}"`);
    return { path: [], query, headers, body: undefined };
  }
  for (const field of named) {
    if (fields.includes(field)) continue;
    const where = inPath.includes(field) ? `the path ${path}` : 'a place';
    refuse(`${where} names "${field}", which the input does not have`);
  }
  const rest = fields.filter((field) => !named.includes(field));
  if (hasNoBody(method)) {
    if (binding.body !== undefined && method !== 'DELETE') refuse(`a ${method} request has no body`);
    for (const field of rest) query.set(field, field);
    return { path: inPath, query, headers, body: binding.body };
  }
  if (binding.body !== undefined && rest.length > 0)
    refuse(`the body leaves out ${rest.join(', ')}; name a place for each field`);
  return { path: inPath, query, headers, body: binding.body ?? rest };
}

function placed(given: Placed | undefined): Map<string, string> {
  if (given === undefined) return new Map();
  return new Map(Array.isArray(given) ? given.map((each: string) => [each, each]) : Object.entries(given));
}

function fieldsOf(input: z.ZodType): readonly string[] | undefined {
  return input instanceof z.ZodObject ? Object.keys(input.shape) : undefined;
}
