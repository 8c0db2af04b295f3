import { entities } from '@facet/contracts';
import { z } from 'zod';
import { Refusal } from '../refusal.js';
import type { Operation, Schema } from '../workspace.js';

export interface JsonSchema {
  /** Of what it is an id. */
  readonly 'x-entity'?: string;
  readonly 'x-owner'?: 'customer' | 'nobody';
  readonly type?: string;
  readonly const?: unknown;
  readonly enum?: readonly unknown[];
  readonly anyOf?: readonly JsonSchema[];
  readonly oneOf?: readonly JsonSchema[];
  readonly allOf?: readonly JsonSchema[];
  readonly format?: string;
  readonly pattern?: string;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly minimum?: number;
  readonly exclusiveMinimum?: number;
  readonly maximum?: number;
  readonly items?: JsonSchema;
  readonly prefixItems?: readonly JsonSchema[];
  readonly minItems?: number;
  readonly maxItems?: number;
  readonly properties?: Readonly<Record<string, JsonSchema>>;
  readonly required?: readonly string[];
  readonly additionalProperties?: boolean | JsonSchema;
  readonly $ref?: string;
  readonly $defs?: Readonly<Record<string, JsonSchema>>;
}

export function jsonSchemaOf(schema: Schema, io: 'input' | 'output'): JsonSchema {
  return z.toJSONSchema(schema as z.ZodType, {
    ...{ io, unrepresentable: 'any', metadata: entities },
  }) as JsonSchema;
}

/**
 * A value that fits what an operation answers: every list with an item, every id the same, so that parts join.
 *
 * @throws Refusal where none is found
 */
export function sampleOf({ output, pattern }: Operation): unknown {
  const sample = valueOf(jsonSchemaOf(output, 'output'));
  const parsed = output.safeParse(sample);
  if (parsed.success) return sample;
  throw new Refusal(`no sample can be made of what ${pattern} answers: ${parsed.error?.message ?? ''}`);
}

/** Values that texts of the workspace are of, tried in this order. */
const TEXTS = [
  ...['sample-1', 'EUR', 'DE', '2026-01-31T12:00:00.000Z', '2026-01-31', 'https://example.com/sample.webp'],
  ...['someone@example.com', '00000000-0000-4000-8000-000000000000', 'A1', '1', 'sample', 'SAMPLE'],
];

function valueOf(schema: JsonSchema): unknown {
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

function itemsOf({ items = {}, prefixItems, minItems = 1, maxItems = Infinity }: JsonSchema): unknown[] {
  if (prefixItems !== undefined) return prefixItems.map(valueOf);
  return Array.from({ length: Math.min(Math.max(1, minItems), maxItems) }, () => valueOf(items));
}

function numberOf({ minimum = 1, exclusiveMinimum, maximum = Infinity }: JsonSchema): number {
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

function textOf({ format = '', pattern, minLength = 0, maxLength = Infinity }: JsonSchema): string {
  const known = FORMATS[format];
  if (known !== undefined) return known;
  const fits = (text: string) =>
    text.length >= minLength &&
    text.length <= maxLength &&
    (pattern === undefined || new RegExp(pattern, 'u').test(text));
  return TEXTS.find(fits) ?? 'sample'.padEnd(minLength, 'x').slice(0, maxLength);
}
