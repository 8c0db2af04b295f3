import type { Aggregation } from '@facet/aggregation';
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

/** What an answer says of itself: which of its parts are missing, or older than they should be. */
function metaOf({ parts }: Aggregation): z.ZodType {
  const names = parts.map(({ name }) => name);
  const lacking = parts.filter(({ kind }) => kind !== 'required').map(({ name }) => name);
  const degraded = z
    .array(z.object({ part: z.enum(lacking), reason: z.string().describe("The error's code") }))
    .describe('The parts that are missing or stand on their default, and why');
  const outdated = z
    .array(z.object({ part: z.enum(names), ageSeconds: z.int() }))
    .describe(
      'The parts that are older than they should be, as their service cannot make new ones at present',
    );
  return z.object({
    ...(lacking.length === 0 ? {} : { degraded: degraded.optional() }),
    outdated: outdated.optional(),
    explain: z.object({}).loose().optional().describe('How the answer was made, where ?explain=1 asks'),
  });
}

export const sharedSchemas: Json = { Problem: outputOf(problem) };

/** The JSON schema of what is sent. */
export function outputOf(schema: z.ZodType): Json {
  const { $schema: _, ...json } = z.toJSONSchema(schema, { io: 'output', unrepresentable: 'any' }) as Json;
  return json;
}

/** An aggregation's answer: its own fields, and `meta` where something is missing. */
export function answerOf(schema: z.ZodType, aggregation: Aggregation): Json {
  const json = outputOf(schema);
  const properties = { ...(json['properties'] as Json | undefined), meta: outputOf(metaOf(aggregation)) };
  return { ...json, properties };
}

/** One piece of the same answer where it is streamed: all but the deferred parts, then each of them, then the end. */
export function pieceOf(schema: z.ZodType, aggregation: Aggregation): Json {
  const { properties = {}, required = [], ...json } = outputOf(schema);
  const later = aggregation.parts.filter(({ kind, hidden }) => kind === 'deferred' && !hidden);
  const isLater = (name: string) => later.some((part) => part.name === name);
  const first = {
    ...json,
    properties: Object.fromEntries(Object.entries(properties as Json).filter(([name]) => !isLater(name))),
    required: (required as string[]).filter((name) => !isLater(name)),
  };
  const parts = later.map(({ name }) => ({
    part: { type: 'string', const: name },
    value: (properties as Json)[name] ?? {},
    missing: { type: 'string', description: "Why it is missing: the error's code" },
  }));
  return {
    oneOf: [
      eventOf('first', { value: first }),
      ...parts.map((part) => eventOf('part', part, ['part'])),
      eventOf('end', { meta: outputOf(metaOf(aggregation)) }),
      eventOf('error', { problem: { $ref: '#/components/schemas/Problem' } }),
    ],
  };
}

function eventOf(event: string, properties: Json, required = Object.keys(properties)): Json {
  return {
    type: 'object',
    properties: { event: { type: 'string', const: event }, ...properties },
    required: ['event', ...required],
    additionalProperties: false,
  };
}
