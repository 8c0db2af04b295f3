/** A JSON schema, or an object around one, as a description has it: nothing in it is known to be what it should be. */
export type Json = Readonly<Record<string, unknown>>;

export const isObject = (value: unknown): value is Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** A property of its own: `constructor` is in no schema that does not have it. */
export const ownOf = (json: Json, key: string): unknown => (Object.hasOwn(json, key) ? json[key] : undefined);

export function objectAt(json: Json, key: string): Json | undefined {
  const value = ownOf(json, key);
  return isObject(value) ? value : undefined;
}

export function listAt(json: Json, key: string): readonly unknown[] {
  const value = ownOf(json, key);
  return Array.isArray(value) ? (value as readonly unknown[]) : [];
}

export function textAt(json: Json, key: string): string | undefined {
  const value = ownOf(json, key);
  return typeof value === 'string' ? value : undefined;
}

export function numberAt(json: Json, key: string): number | undefined {
  const value = ownOf(json, key);
  return typeof value === 'number' && Number.isFinite(value) ? value : undefined;
}

export const textsAt = (json: Json, key: string): readonly string[] =>
  listAt(json, key).filter((each) => typeof each === 'string');

/** The properties of an object schema. One called `__proto__` is none: no contract can name it. */
export const propertiesOf = (json: Json): readonly (readonly [string, unknown])[] =>
  Object.entries(objectAt(json, 'properties') ?? {}).filter(([name]) => name !== '__proto__');

/** The kinds that a value may be of, as `type` says or, without it, as its other words do; `nullable` is `null`. */
export function typesOf(json: Json): readonly string[] {
  const said = ownOf(json, 'type');
  const types =
    typeof said === 'string'
      ? [said]
      : Array.isArray(said)
        ? said.filter((each) => typeof each === 'string')
        : inferred(json);
  const isNullable = ownOf(json, 'nullable') === true && types.length > 0;
  return [...new Set([...types, ...(isNullable ? ['null'] : [])])];
}

const WORDS: readonly (readonly [string, readonly string[]])[] = [
  ['object', ['properties', 'additionalProperties', 'patternProperties', 'required']],
  ['array', ['items', 'prefixItems', 'minItems', 'maxItems']],
  ['string', ['pattern', 'format', 'minLength', 'maxLength']],
  ['number', ['minimum', 'maximum', 'exclusiveMinimum', 'exclusiveMaximum', 'multipleOf']],
];

function inferred(json: Json): readonly string[] {
  const found = WORDS.find(([, words]) => words.some((word) => Object.hasOwn(json, word)));
  return found === undefined ? [] : [found[0]];
}
