import type { Resolve } from '../model.js';
import { isObject, listAt, ownOf, propertiesOf, textAt, textsAt, typesOf, type Json } from './json.js';

const ANNOTATIONS: ReadonlySet<string> = new Set([
  ...[
    'description',
    'title',
    'example',
    'examples',
    'deprecated',
    'externalDocs',
    'xml',
    'nullable',
    'default',
  ],
  ...['discriminator', 'readOnly', 'writeOnly', '$comment', '$schema', '$id'],
]);

const wordsOf = (json: Json): readonly string[] =>
  Object.keys(json).filter(
    (word) => !ANNOTATIONS.has(word) && !word.startsWith('x-') && json[word] !== undefined,
  );

/** Whether a schema says nothing about a value. */
export const saysNothing = (schema: unknown): boolean => isObject(schema) && wordsOf(schema).length === 0;

/** Whether a schema says no more than which fields have to be there. */
export const onlyRequires = (schema: unknown): boolean =>
  isObject(schema) &&
  wordsOf(schema).every((word) => ['required', 'type'].includes(word)) &&
  Object.hasOwn(schema, 'required');

/** Whether a schema has choices, and nothing beside them that tells more. */
export const isOnlyChoices = (json: Json): boolean =>
  wordsOf(json).every((word) => ['oneOf', 'anyOf', 'type'].includes(word));

const OBJECT: ReadonlySet<string> = new Set([
  'type',
  'properties',
  'required',
  'additionalProperties',
  'allOf',
]);

/**
 * Object schemas that hold together as the one object that they are; undefined where one of them is more than an object
 * with fields, or has itself among its parts.
 */
export function mergedOf(
  members: readonly unknown[],
  resolve: Resolve,
  above: readonly string[] = [],
): Json | undefined {
  const fields = new Map<string, unknown[]>();
  const required = new Set<string>();
  let more: unknown;
  for (const member of members) {
    const object = plainOf(member, resolve, above);
    if (object === undefined) return undefined;
    for (const [name, schema] of propertiesOf(object))
      fields.set(name, [...(fields.get(name) ?? []), schema]);
    for (const name of textsAt(object, 'required')) required.add(name);
    more ??= ownOf(object, 'additionalProperties');
  }
  const properties = Object.fromEntries(
    [...fields].map(([name, schemas]) => [name, schemas.length === 1 ? schemas[0] : { allOf: schemas }]),
  );
  return {
    type: 'object',
    properties,
    required: [...required],
    ...(more === undefined ? {} : { additionalProperties: more }),
  };
}

function plainOf(schema: unknown, resolve: Resolve, above: readonly string[]): Json | undefined {
  if (!isObject(schema)) return undefined;
  const ref = textAt(schema, '$ref');
  if (ref !== undefined) {
    return above.includes(ref) || above.length > 20
      ? undefined
      : plainOf(resolve(ref)?.schema, resolve, [...above, ref]);
  }
  if (!wordsOf(schema).every((word) => OBJECT.has(word))) return undefined;
  if (typesOf(schema).some((type) => !['object', 'null'].includes(type))) return undefined;
  const all = listAt(schema, 'allOf');
  if (all.length === 0) return schema;
  const { allOf: _, ...own } = schema;
  return mergedOf(saysNothing(own) ? all : [...all, own], resolve, above);
}
