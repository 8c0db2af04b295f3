import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createClient } from '@hey-api/openapi-ts';
import type { Document, Json, Operation } from './document.js';
import { operationsIn, type ClientOperation } from './operations.js';

/** What the pieces of a streamed operation are called: `ProductPiece`. */
export const pieceOf = ({ id }: Pick<ClientOperation, 'id'>): string => `${pascal(id)}Piece`;
export const pascal = (id: string): string => `${id[0]?.toUpperCase() ?? ''}${id.slice(1)}`;

/**
 * The types of what is sent and answered, made by @hey-api/openapi-ts: a value of an enum is a literal of a union, a date is
 * the text that it is in JSON, so that nothing has to be turned at run time.
 */
export async function modelsOf(document: Document): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), 'facet-clients-'));
  try {
    await createClient({
      input: withoutPatterns(forTypes(document)),
      output: { path: folder, clean: false },
      plugins: [{ name: '@hey-api/typescript', enums: false }],
      logs: { level: 'silent', file: false },
    });
    const text = readFileSync(join(folder, 'types.gen.ts'), 'utf8');
    return text
      .replace(/^\/\/ This file is auto-generated.*\n+/, '')
      .replace(/export type ClientOptions = \{[^}]*\};\n+/, '');
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** The document as types are made of it: problems are typed by the client itself, and pieces are models of their own. */
function forTypes({ paths, components, ...document }: Document): Record<string, unknown> {
  const operations = operationsIn({ paths, components });
  const pieces = operations.flatMap((each): [string, Json][] =>
    each.piece === undefined ? [] : [[pieceOf(each), withoutError(each.piece)]],
  );
  const { Problem: _, ...schemas } = components.schemas ?? {};
  const known = new Set(operations.map(({ id }) => id));
  const kept = Object.entries(paths).map(([path, methods]) => {
    const own = Object.entries(methods).filter(([, { operationId }]) => known.has(operationId));
    return [path, Object.fromEntries(own.map(([method, each]) => [method, answersOf(each)]))];
  });
  return {
    ...document,
    paths: Object.fromEntries(kept),
    components: { ...components, schemas: { ...schemas, ...Object.fromEntries(pieces) } },
  };
}

/** Patterns that a text has to match beside each other are no types: the generator would make `unknown & unknown` of them. */
function withoutPatterns(document: Record<string, unknown>): Record<string, unknown> {
  const isPattern = (each: Json) => Object.keys(each).every((key) => key === 'pattern');
  const text = JSON.stringify(document, (_key, value: unknown) => {
    if (typeof value !== 'object' || value === null || !Array.isArray((value as Json)['allOf'])) return value;
    const { allOf, ...rest } = value as Json & { readonly allOf: readonly Json[] };
    return allOf.every(isPattern) ? rest : value;
  });
  return JSON.parse(text) as Record<string, unknown>;
}

/** Of what can be streamed the problem in the middle is typed by the client too. */
function withoutError({ oneOf, ...piece }: Json): Json {
  const isError = (each: Json) => JSON.stringify(each).includes('"#/components/schemas/Problem"');
  return { ...piece, oneOf: (oneOf as readonly Json[]).filter((each) => !isError(each)) };
}

function answersOf({ responses = {}, ...operation }: Operation): Json {
  const answers = Object.entries(responses)
    .filter(([status]) => status.startsWith('2'))
    .map(([status, { content, ...response }]) => {
      const json = content?.['application/json'];
      return [status, json === undefined ? response : { ...response, content: { 'application/json': json } }];
    });
  return { ...operation, responses: Object.fromEntries(answers) };
}
