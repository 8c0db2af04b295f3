import { z } from 'zod';

/** What of a JSON schema a sample is made from. */
interface Json {
  readonly type?: string;
  readonly const?: unknown;
  readonly enum?: readonly unknown[];
  readonly anyOf?: readonly Json[];
  readonly oneOf?: readonly Json[];
  readonly allOf?: readonly Json[];
  readonly $ref?: string;
  readonly $defs?: Readonly<Record<string, Json>>;
  readonly format?: string;
  readonly pattern?: string;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly minimum?: number;
  readonly exclusiveMinimum?: number;
  readonly maximum?: number;
  readonly exclusiveMaximum?: number;
  readonly items?: Json;
  readonly prefixItems?: readonly Json[];
  readonly minItems?: number;
  readonly maxItems?: number;
  readonly properties?: Readonly<Record<string, Json>>;
  readonly required?: readonly string[];
}

/**
 * A value that fits a schema: every list with an item, every id the same, so that what is made of several joins.
 *
 * @throws Error where none is found; its message says which fields are to blame
 */
export function sampleOf(schema: z.ZodType, io: 'input' | 'output' = 'output'): unknown {
  const sample = sampleOfJson(z.toJSONSchema(schema, { io, unrepresentable: 'any' }) as Json);
  const parsed = schema.safeParse(sample);
  if (parsed.success) return sample;
  // An answer that has no form in JSON is none at all.
  if (schema.safeParse(undefined).success) return undefined;
  const fields = parsed.error.issues.map(({ path, message }) => `${path.join('.') || 'it'}: ${message}`);
  throw new Error(`no sample fits (${fields.join('; ')})`);
}

/** Values that texts of the workspace are of, tried in this order. */
const TEXTS = [
  ...['sample-1', 'EUR', 'DE', '2026-01-31T12:00:00.000Z', '2026-01-31', 'https://example.com/sample.webp'],
  ...['someone@example.com', '00000000-0000-4000-8000-000000000000', 'A1', '1', 'sample', 'SAMPLE'],
];

/** As deep as lists have items and unions their first option: a schema may contain itself. */
const DEEP = 12;

function sampleOfJson(whole: Json): unknown {
  const valueOf = (schema: Json, depth: number): unknown => {
    if (depth > 5 * DEEP) return null;
    const { $ref: ref, anyOf, oneOf, allOf } = schema;
    if (ref !== undefined)
      return valueOf((ref === '#' ? whole : whole.$defs?.[ref.replace('#/$defs/', '')]) ?? {}, depth + 1);
    if ('const' in schema) return schema.const;
    if (schema.enum !== undefined) return schema.enum[0];
    const choices = anyOf ?? oneOf ?? [];
    const plain = depth > DEEP ? choices.find(({ $ref }) => $ref === undefined) : undefined;
    const choice = plain ?? choices[0];
    if (choice !== undefined) return valueOf(choice, depth + 1);
    if (schema.type === undefined && allOf !== undefined)
      return together(allOf.map((each) => valueOf(each, depth + 1)));
    return typed(schema, depth);
  };
  const typed = (schema: Json, depth: number): unknown => {
    switch (schema.type) {
      case 'string':
        return textOf(schema);
      case 'integer':
      case 'number':
        return numberOf(schema);
      case 'boolean':
        return true;
      case 'array':
        return itemsOf(schema, depth);
      case 'object':
        return Object.fromEntries(
          Object.entries(schema.properties ?? {})
            .filter(([name]) => schema.required?.includes(name))
            .map(([name, property]) => [name, valueOf(property, depth + 1)]),
        );
      case undefined:
      default:
        return null;
    }
  };
  const itemsOf = ({ items = {}, prefixItems, minItems = 0, maxItems = Infinity }: Json, depth: number) => {
    if (prefixItems !== undefined) return prefixItems.map((each) => valueOf(each, depth + 1));
    const length = Math.min(Math.max(depth > DEEP ? 0 : 1, minItems), maxItems);
    return Array.from({ length }, () => valueOf(items, depth + 1));
  };
  return valueOf(whole, 0);
}

/** Of objects that hold together, all fields. */
function together(values: readonly unknown[]): unknown {
  const areObjects = values.every((each) => typeof each === 'object' && each !== null);
  return areObjects ? (Object.assign({}, ...(values as object[])) as unknown) : values[0];
}

function numberOf({ minimum = 1, exclusiveMinimum, maximum = Infinity, exclusiveMaximum }: Json): number {
  const least = exclusiveMinimum === undefined ? minimum : exclusiveMinimum + 1;
  const most = exclusiveMaximum === undefined ? maximum : exclusiveMaximum - 1;
  return Math.min(Math.max(1, least), most);
}

const FORMATS: Readonly<Record<string, string>> = {
  uri: 'https://example.com/sample.webp',
  'date-time': '2026-01-31T12:00:00.000Z',
  date: '2026-01-31',
  duration: 'P1D',
  email: 'someone@example.com',
  uuid: '00000000-0000-4000-8000-000000000000',
  ipv4: '192.0.2.1',
  ipv6: '2001:db8::1',
  base64: 'c2FtcGxl',
  base64url: 'c2FtcGxl',
};

function textOf({ format = '', pattern, minLength = 0, maxLength = Infinity }: Json): string {
  const known = FORMATS[format];
  if (known !== undefined) return known;
  const fits = (text: string) =>
    text.length >= minLength &&
    text.length <= maxLength &&
    (pattern === undefined || new RegExp(pattern, 'u').test(text));
  return TEXTS.find(fits) ?? 'sample'.padEnd(minLength, 'x').slice(0, maxLength);
}
