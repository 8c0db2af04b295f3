import { Refusal } from '../../refusal.js';
import { entityOf } from '../ids.js';
import type { DescribedField, DescribedHttp } from '../model.js';
import { isObject, listAt, ownOf, textAt, typesOf, type Json } from '../schema/json.js';
import { camelOf, FreeNames } from '../schema/names.js';
import { followed, type Reading } from './reading.js';

interface Parameters {
  readonly fields: readonly DescribedField[];
  readonly http: Omit<DescribedHttp, 'method'>;
}

interface Parameter {
  readonly name: string;
  readonly in: string;
  readonly json: Json;
}

/** Headers that the call itself has, as OpenAPI says of the first three. */
const OF_THE_CALL: ReadonlySet<string> = new Set([
  ...[
    'accept',
    'content-type',
    'authorization',
    'host',
    'connection',
    'content-length',
    'transfer-encoding',
    'te',
  ],
  ...['trailer', 'upgrade', 'keep-alive', 'expect', 'traceparent', 'tracestate'],
]);

/**
 * The fields of an input that go into the path, the query and the headers; undefined where a part of the request cannot be
 * sent that has to be there.
 */
export function parametersOf(
  { operation, item, path }: { readonly operation: Json; readonly item: Json; readonly path: string },
  reading: Reading,
): Parameters | undefined {
  const { notes, where } = reading;
  const names = new FreeNames(Object.getOwnPropertyNames(Object.prototype));
  const fields: DescribedField[] = [];
  const query: Record<string, string> = {};
  const headers: Record<string, string> = {};
  const inPath = new Map<string, string>();
  let isComma = false;
  for (const parameter of allOf(operation, item, reading)) {
    const what = `${where}: ${parameter.name}`;
    const isRequired = ownOf(parameter.json, 'required') === true || parameter.in === 'path';
    const unknown = refusalOf(parameter);
    if (unknown !== undefined) {
      if (parameter.in === 'header' && OF_THE_CALL.has(parameter.name.toLowerCase())) continue;
      notes.add(
        isRequired ? `is left out, as ${unknown}` : `is not sent, as ${unknown}`,
        isRequired ? where : what,
      );
      if (isRequired) return undefined;
      continue;
    }
    const field = { ...fieldOf(parameter, names, path), isRequired };
    fields.push(field);
    if (parameter.in === 'path') inPath.set(parameter.name, field.name);
    if (parameter.in === 'query') query[parameter.name] = field.name;
    if (parameter.in === 'header') headers[parameter.name.toLowerCase()] = field.name;
    if (parameter.in === 'query' && isListOf(parameter, reading))
      isComma ||= ownOf(parameter.json, 'explode') === false;
  }
  const named = path.replaceAll(/\{([^{}]*)\}/g, (_, name: string) => {
    const field = inPath.get(name);
    if (field === undefined)
      throw new Refusal(`${where} has "{${name}}" in its path, which its parameters do not have`);
    return `{${field}}`;
  });
  return { fields, http: { path: named, query, headers, ...(isComma ? { lists: 'comma' as const } : {}) } };
}

/** Those of an operation before those of its path. */
function allOf(operation: Json, item: Json, { resolve }: Reading): readonly Parameter[] {
  const found = new Map<string, Parameter>();
  for (const each of [...listAt(item, 'parameters'), ...listAt(operation, 'parameters')].filter(isObject)) {
    const json = followed(each, resolve);
    const [name = '', place = ''] = [textAt(json, 'name'), textAt(json, 'in')];
    found.set(`${place} ${name}`, { name, in: place, json });
  }
  // Those of the path first: they are what it is about.
  return [...found.values()].sort((a, b) => Number(b.in === 'path') - Number(a.in === 'path'));
}

/** Why a parameter cannot be sent. */
function refusalOf({ name, in: place, json }: Parameter): string | undefined {
  if (!['path', 'query', 'header'].includes(place)) return `no ${place} parameters are sent`;
  if (place === 'header' && (OF_THE_CALL.has(name.toLowerCase()) || !/^[\w!#$%&'*+.^`|~-]+$/.test(name)))
    return 'a contract sets no such header';
  if (name === '__proto__') return 'no field can be called so';
  const style = textAt(json, 'style');
  const isPlain = style === undefined || style === { path: 'simple', query: 'form', header: 'simple' }[place];
  if (!isPlain) return `no parameters of the style ${style?.slice(0, 20)} are sent`;
  return ownOf(json, 'content') === undefined
    ? undefined
    : 'no parameters with a content of their own are sent';
}

const isListOf = ({ json }: Parameter, { resolve }: Reading): boolean => {
  const schema = ownOf(json, 'schema');
  return isObject(schema) && typesOf(followed(schema, resolve)).includes('array');
};

function fieldOf(
  { name, in: place, json }: Parameter,
  names: FreeNames,
  path: string,
): Omit<DescribedField, 'isRequired'> {
  if (place === 'header' && name.toLowerCase() === 'idempotency-key') {
    return { name: 'idempotencyKey', schema: ownOf(json, 'schema') ?? true };
  }
  const wanted = /^[A-Za-z_$][\w$]*$/.test(name) ? name : camelOf(name, 'field');
  const description = textAt(json, 'description');
  const entity = place === 'header' ? undefined : entityOf(name, path);
  return {
    ...{
      name: names.free(wanted, place === 'query' ? 'InQuery' : 'InHeader'),
      schema: ownOf(json, 'schema') ?? true,
    },
    ...(description === undefined ? {} : { description }),
    ...(entity === undefined ? {} : { entity }),
  };
}
