import type { Resolve } from '../model.js';
import { mergedOf } from './all.js';
import { isObject, listAt, objectAt, ownOf, propertiesOf, textAt, textsAt, type Json } from './json.js';

/** One of the schemas that a value may have. */
export interface Option {
  readonly code: string;
  /** Whether its code is a `z.object`, which can be extended. */
  readonly isObject: boolean;
  readonly ref: string | undefined;
  /** How many fields it has, and how many of them have to be there. */
  readonly fields: number;
  readonly required: number;
}

export function optionOf(
  schema: unknown,
  { code, isObject: isZodObject = false }: { readonly code: string; readonly isObject?: boolean },
  resolve: Resolve,
): Option {
  const object = mergedOf([schema], resolve) ?? {};
  return {
    ...{ code, isObject: isZodObject, ref: isObject(schema) ? textAt(schema, '$ref') : undefined },
    ...{ fields: propertiesOf(object).length, required: textsAt(object, 'required').length },
  };
}

/** The one that says most first: the first that fits is taken, and one with some fields of another would hide the rest. */
export const bySize = (options: readonly Option[]): readonly Option[] =>
  [...options].sort((a, b) => b.required - a.required || b.fields - a.fields);

/**
 * The field that tells options apart, with its value in each; undefined where the description names none, or gives one value
 * to two of them.
 */
export function discriminatorOf(
  json: Json,
  options: readonly Option[],
): { readonly field: string; readonly values: readonly string[] } | undefined {
  const discriminator = objectAt(json, 'discriminator') ?? {};
  const field = textAt(discriminator, 'propertyName');
  if (field === undefined || field === '__proto__') return undefined;
  const mapping = Object.entries(objectAt(discriminator, 'mapping') ?? {});
  const values = options.flatMap(({ ref, isObject: canExtend }) => {
    if (ref === undefined || !canExtend) return [];
    const name = ref.slice(ref.lastIndexOf('/') + 1);
    const mapped = mapping.filter(([, target]) => target === ref || target === name);
    return mapped.length > 1 ? [] : [mapped[0]?.[0] ?? name];
  });
  const isClear = values.length === options.length && new Set(values).size === values.length;
  return isClear ? { field, values } : undefined;
}

/** Whether a schema is null and nothing else. */
export const isNull = (schema: unknown): boolean => {
  if (!isObject(schema)) return false;
  const values = listAt(schema, 'enum');
  return ownOf(schema, 'type') === 'null' || (values.length > 0 && values.every((each) => each === null));
};

/** Whether null may stand in its place, as 3.0 or as 3.1 says so. */
export function isNullable(json: Json): boolean {
  const type = ownOf(json, 'type');
  return (
    ownOf(json, 'nullable') === true ||
    (Array.isArray(type) && type.length > 1 && type.includes('null')) ||
    listAt(json, 'enum').includes(null)
  );
}
