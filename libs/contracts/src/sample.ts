import { z } from 'zod';

/** What of a JSON schema a sample is made from. */
interface Json {
  readonly type?: string;
  readonly const?: unknown;
  readonly enum?: readonly unknown[];
  readonly anyOf?: readonly Json[];
  readonly oneOf?: readonly Json[];
  readonly format?: string;
  readonly pattern?: string;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly minimum?: number;
  readonly exclusiveMinimum?: number;
  readonly maximum?: number;
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
  const sample = valueOf(z.toJSONSchema(schema, { io, unrepresentable: 'any' }) as Json);
  const parsed = schema.safeParse(sample);
  if (parsed.success) return sample;
  const fields = parsed.error.issues.map(({ path, message }) => `${path.join('.') || 'it'}: ${message}`);
  throw new Error(`no sample fits (${fields.join('; ')})`);
}

/** Values that texts of the workspace are of, tried in this order. */
const TEXTS = [
  ...['sample-1', 'EUR', 'DE', '2026-01-31T12:00:00.000Z', '2026-01-31', 'https://example.com/sample.webp'],
  ...['someone@example.com', '00000000-0000-4000-8000-000000000000', 'A1', '1', 'sample', 'SAMPLE'],
];

function valueOf(schema: Json): unknown {
  if ('const' in schema) return schema.const;
  if (schema.enum !== undefined) return schema.enum[0];
  const [choice] = schema.anyOf ?? schema.oneOf ?? [];
  if (choice !== undefined) return valueOf(choice);
  switch (schema.type) {
    case 'string':
      return textOf(schema);
    case 'integer':
    case 'number':
      return numberOf(schema);
    case 'boolean':
      return true;
    case 'array':
      return itemsOf(schema);
    case 'object':
      return Object.fromEntries(
        Object.entries(schema.properties ?? {})
          .filter(([name]) => schema.required?.includes(name))
          .map(([name, property]) => [name, valueOf(property)]),
      );
    case undefined:
    default:
      return null;
  }
}

function itemsOf({ items = {}, prefixItems, minItems = 1, maxItems = Infinity }: Json): unknown[] {
  if (prefixItems !== undefined) return prefixItems.map(valueOf);
  return Array.from({ length: Math.min(Math.max(1, minItems), maxItems) }, () => valueOf(items));
}

function numberOf({ minimum = 1, exclusiveMinimum, maximum = Infinity }: Json): number {
  const least = exclusiveMinimum === undefined ? minimum : exclusiveMinimum + 1;
  return Math.min(Math.max(1, least), maximum);
}

const FORMATS: Readonly<Record<string, string>> = {
  uri: 'https://example.com/sample.webp',
  'date-time': '2026-01-31T12:00:00.000Z',
  date: '2026-01-31',
  email: 'someone@example.com',
  uuid: '00000000-0000-4000-8000-000000000000',
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
