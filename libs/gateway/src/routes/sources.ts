import type { Operation } from '@facet/contracts';
import { inputSchemaOf } from '../answers/input.js';
import type { FieldSource, Route, Source, Sources } from './route.js';

type Given = Readonly<Record<string, Source | undefined>>;

/**
 * Where each field of an operation's input comes from, as a route says.
 *
 * @throws Error naming a field that has no source, or has one and is none of the operation's
 */
export function sourcesOf(at: Pick<Route, 'method' | 'path'>, operation: Operation, given: Given): Sources {
  const named = Object.entries(given).filter(([, source]) => source !== undefined);
  const sources = new Map(named.map(([field, source]) => [field, sourceOf(field, source as Source)]));
  check(at, operation, sources);
  return sources;
}

function sourceOf(field: string, source: Source): FieldSource {
  const [from, name = field] = source.split(':', 2) as [FieldSource['from'], string?];
  return { from, name };
}

function check(
  { method, path }: Pick<Route, 'method' | 'path'>,
  operation: Operation,
  sources: Sources,
): void {
  const where = `${method} ${path}`;
  const { properties = {}, required = [] } = inputSchemaOf(operation.input) as {
    properties?: Record<string, unknown>;
    required?: string[];
  };
  for (const [field, { from, name }] of sources) {
    if (!(field in properties)) throw new Error(`${where}: ${operation.pattern} has no input "${field}"`);
    if (from === 'path' && !path.split('/').includes(`:${name}`)) {
      throw new Error(`${where}: "${field}" comes from the path, which has no ":${name}"`);
    }
    if (from === 'body' && method === 'GET')
      throw new Error(`${where}: "${field}" comes from a body; GET has none`);
  }
  const missing = required.find((field) => !sources.has(field));
  if (missing !== undefined) {
    throw new Error(`${where}: ${operation.pattern} needs "${missing}"; say in "input" where it comes from`);
  }
  if (operation.kind === 'command' && method === 'GET') {
    throw new Error(`${where}: ${operation.pattern} is a command, which GET may not be`);
  }
}
