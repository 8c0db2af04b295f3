import type { FieldFault } from '@facet/platform';
import { z } from 'zod';
import type { Problem } from '../problems/problem.js';

export type Json = Record<string, unknown>;

const fieldFault: z.ZodType<FieldFault> = z.object({ field: z.string(), message: z.string() });

/** `Problem` as a schema; the compiler holds the two together. */
const problem = z.object({
  type: z.string(),
  title: z.string(),
  status: z.int(),
  code: z.string().describe('Stable: what programs decide by'),
  detail: z.string(),
  fields: z.array(fieldFault).optional(),
  service: z.string().optional().describe('The service that is missing'),
  traceId: z.string().optional(),
}) satisfies z.ZodType<Mutable<Problem>>;

type Mutable<T> = {
  -readonly [K in keyof T]: T[K] extends readonly (infer U)[] | undefined ? U[] | undefined : T[K];
};

/** What an answer says of itself where a part of it is missing, or older than it should be. */
const meta = z.object({
  degraded: z
    .array(z.object({ part: z.string(), reason: z.string() }))
    .optional()
    .describe('The parts that are missing or stand on their default, and why'),
  outdated: z
    .array(z.object({ part: z.string(), ageSeconds: z.int() }))
    .optional()
    .describe(
      'The parts that are older than they should be, as their service cannot make new ones at present',
    ),
  explain: z.object({}).loose().optional().describe('How the answer was made, where ?explain=1 asks'),
});

export const sharedSchemas: Json = { Problem: outputOf(problem), Meta: outputOf(meta) };

/** The JSON schema of what is sent. */
export function outputOf(schema: z.ZodType): Json {
  const { $schema: _, ...json } = z.toJSONSchema(schema, { io: 'output', unrepresentable: 'any' }) as Json;
  return json;
}

/** An aggregation's answer: its own fields, and `meta` where something is missing. */
export function answerOf(schema: z.ZodType): Json {
  const json = outputOf(schema);
  const properties = {
    ...(json['properties'] as Json | undefined),
    meta: { $ref: '#/components/schemas/Meta' },
  };
  return { ...json, properties };
}
