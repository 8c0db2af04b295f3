import type { Notes } from '../notes.js';
import { listAt, numberAt, ownOf, textAt, type Json } from './json.js';
import { literal, patternOf } from './text.js';

/** Formats that zod knows. `uuid` is any of that form: many services write ones that no version has. */
const FORMATS: Readonly<Record<string, string>> = {
  'date-time': 'z.iso.datetime({ offset: true })',
  date: 'z.iso.date()',
  duration: 'z.iso.duration()',
  email: 'z.email()',
  uuid: 'z.guid()',
  uri: 'z.url()',
  url: 'z.url()',
  ipv4: 'z.ipv4()',
  ipv6: 'z.ipv6()',
  byte: 'z.base64()',
  base64url: 'z.base64url()',
};

/** Formats that say nothing about a text's form. */
const PLAIN: ReadonlySet<string> = new Set(['', 'string', 'password', 'text', 'int64', 'decimal', 'number']);

export function textCode(json: Json, where: string, notes: Notes): string {
  const format = textAt(json, 'format') ?? '';
  const known = Object.hasOwn(FORMATS, format) ? FORMATS[format] : undefined;
  if (known === undefined && !PLAIN.has(format)) notes.add(`the format "${format}" is not checked`, where);
  return (known ?? 'z.string()') + lengths(json, ['minLength', 'maxLength']) + pattern(json, where, notes);
}

/** The least and the most of something, where a description has either. */
export function lengths(json: Json, [least, most]: readonly [string, string]): string {
  const [min, max] = [numberAt(json, least), numberAt(json, most)];
  const isWhole = (value: number | undefined) =>
    value !== undefined && Number.isSafeInteger(value) && value >= 0;
  return `${isWhole(min) && min !== 0 ? `.min(${min})` : ''}${isWhole(max) ? `.max(${max})` : ''}`;
}

function pattern(json: Json, where: string, notes: Notes): string {
  const text = textAt(json, 'pattern');
  if (text === undefined) return '';
  const code = patternOf(text);
  if (code === undefined) notes.add('the pattern is none that JavaScript has, and is not checked', where);
  return code === undefined ? '' : `.regex(${code})`;
}

export function numberCode(json: Json, isInteger: boolean): string {
  const int32 = isInteger && textAt(json, 'format') === 'int32' ? 'z.int32()' : undefined;
  return (int32 ?? (isInteger ? 'z.int()' : 'z.number()')) + bounds(json);
}

function bounds(json: Json): string {
  const minimum = numberAt(json, 'minimum');
  const maximum = numberAt(json, 'maximum');
  const step = numberAt(json, 'multipleOf');
  // In 3.0 they are true, of the minimum and the maximum beside them.
  const above = ownOf(json, 'exclusiveMinimum') === true ? minimum : numberAt(json, 'exclusiveMinimum');
  const below = ownOf(json, 'exclusiveMaximum') === true ? maximum : numberAt(json, 'exclusiveMaximum');
  return [
    above === undefined ? call('min', minimum) : call('gt', above),
    below === undefined ? call('max', maximum) : call('lt', below),
    step !== undefined && step > 0 ? call('multipleOf', step) : '',
  ].join('');
}

const call = (name: string, value: number | undefined): string =>
  value === undefined ? '' : `.${name}(${value})`;

/** Some values, of which one is meant; null is told by `nullable`. */
export function valuesCode(values: readonly unknown[], where: string, notes: Notes): string {
  const isScalar = (each: unknown) => ['string', 'number', 'boolean'].includes(typeof each);
  const kept = [...new Set(values.filter(isScalar))];
  if (values.some((each) => each !== null && !isScalar(each)))
    notes.add('values that are objects or lists are left out of what may be given', where);
  if (kept.length === 0) return values.includes(null) ? 'z.null()' : 'z.unknown()';
  if (kept.every((each) => typeof each === 'string')) {
    return kept.length === 1 ? `z.literal(${literal(kept[0])})` : `z.enum([${kept.map(literal).join(', ')}])`;
  }
  return `z.literal([${kept.map(literal).join(', ')}])`;
}

/**
 * What is taken where a field is absent: undefined where there is none, or where it is none of the values that the field
 * may have.
 */
export function defaultOf(
  json: Json,
  types: readonly string[],
  where: string,
  notes: Notes,
): string | undefined {
  const value = ownOf(json, 'default');
  if (value === undefined || value === null) return undefined;
  const values = listAt(json, 'enum');
  const isOne = values.length === 0 || values.includes(value);
  const isOfType =
    (typeof value === 'string' && types.includes('string') && textAt(json, 'format') === undefined) ||
    (typeof value === 'boolean' && types.includes('boolean')) ||
    (typeof value === 'number' &&
      Number.isFinite(value) &&
      types.some((each) => ['number', 'integer'].includes(each))) ||
    (Array.isArray(value) && value.length === 0 && types.includes('array'));
  if (isOne && isOfType) return literal(value);
  notes.add('the default is not taken over', where);
  return undefined;
}
