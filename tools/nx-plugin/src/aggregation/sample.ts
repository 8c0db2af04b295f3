import { entities, sampleOf as fitting } from '@facet/contracts';
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
  try {
    return fitting(output as z.ZodType);
  } catch (error) {
    throw new Refusal(`no sample can be made of what ${pattern} answers: ${(error as Error).message}`);
  }
}

/** The same of one field of what an operation is asked with. */
export function sampleOfField({ input, pattern }: Operation, field: string): unknown {
  const schema =
    input instanceof z.ZodObject ? (input.shape as Readonly<Record<string, z.ZodType>>)[field] : undefined;
  try {
    return schema && fitting(schema, 'input');
  } catch (error) {
    throw new Refusal(`no sample can be made of "${field}" of ${pattern}: ${(error as Error).message}`);
  }
}
