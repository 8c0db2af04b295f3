import { STATUS_CODES } from 'node:http';
import { entities, type Operation } from '@facet/contracts';
import { z } from 'zod';

export type Json = Record<string, unknown>;

/** One service's contract, as a package has it. */
export interface Contract {
  readonly service: string;
  /** The package's. */
  readonly version: string;
  readonly operations: readonly Operation[];
}

/** A contract as an OpenAPI 3.1 document: each operation is a POST to its pattern, whatever transport reaches it. */
export function contractDocument({ service, version, operations }: Contract): Json {
  const paths = operations.map((operation) => [`/${operation.pattern}`, { post: describe(operation) }]);
  return { openapi: '3.1.0', info: { title: service, version }, paths: Object.fromEntries(paths) as Json };
}

function describe(operation: Operation): Json {
  const { name, kind, summary, input, output, errors, access, freshness, byIds, http, message } = operation;
  const extensions = { kind, access, freshness, 'by-ids': byIds, http, message };
  const content = (schema: z.ZodType, io: 'input' | 'output') => ({
    'application/json': { schema: schemaOf(schema, io) },
  });
  return {
    ...{ operationId: name, summary },
    requestBody: { required: true, content: content(input, 'input') },
    responses: { 200: { description: 'OK', content: content(output, 'output') }, ...refusals(errors) },
    ...Object.fromEntries(
      Object.entries(extensions).flatMap(([key, value]) =>
        value === undefined ? [] : [[`x-facet-${key}`, value]],
      ),
    ),
  };
}

function refusals(errors: Operation['errors']): Json {
  const byStatus = new Map<number, string[]>();
  for (const [code, status] of Object.entries(errors))
    byStatus.set(status, [...(byStatus.get(status) ?? []), code]);
  return Object.fromEntries(
    [...byStatus].map(([status, codes]) => [
      status,
      { description: `${STATUS_CODES[status] ?? 'Error'}: ${codes.join(', ')}`, 'x-facet-codes': codes },
    ]),
  );
}

function schemaOf(schema: z.ZodType, io: 'input' | 'output'): Json {
  const { $schema: _, ...json } = z.toJSONSchema(schema, {
    ...{ io, unrepresentable: 'any' },
    override: ({ zodSchema, jsonSchema }) => void Object.assign(jsonSchema, entities.get(zodSchema)),
  }) as Json;
  return json;
}
