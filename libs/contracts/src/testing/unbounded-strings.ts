import { z } from 'zod';
import type { Operation } from '../operation.js';

interface Json {
  readonly type?: string | readonly string[];
  readonly enum?: readonly unknown[];
  readonly const?: unknown;
  readonly format?: string;
  readonly pattern?: string;
  readonly maxLength?: number;
  readonly allOf?: readonly Json[];
  readonly anyOf?: readonly Json[];
  readonly oneOf?: readonly Json[];
  readonly items?: Json;
  readonly properties?: Readonly<Record<string, Json>>;
}

const BROKEN = ['a\u0000b', 'a\nb', 'a\u007fb', 'a\u0085b', 'a\ud800b', '\udc00', 'a\ud83d'];
/** The strings of a JSON schema, by where they are. */
function stringsIn(schema: Json, at: string): [string, Json][] {
  const inner = [...(schema.anyOf ?? []), ...(schema.oneOf ?? [])].flatMap((each) => stringsIn(each, at));
  const items = schema.items === undefined ? [] : stringsIn(schema.items, `${at}[]`);
  const fields = Object.entries(schema.properties ?? {}).flatMap(([name, each]) =>
    stringsIn(each, `${at}.${name}`),
  );
  return [
    ...([schema.type].flat().includes('string') ? [[at, schema] as [string, Json]] : []),
    ...inner,
    ...items,
    ...fields,
  ];
}

function refuses(schema: Json, given: string): boolean {
  if (schema.enum !== undefined || schema.const !== undefined || schema.format !== undefined) return true;
  if (given.length > (schema.maxLength ?? Infinity)) return true;
  const patterns = [schema, ...(schema.allOf ?? [])].flatMap(({ pattern }) => pattern ?? []);
  return patterns.some((pattern) => !new RegExp(pattern, 'u').test(given));
}

/** Where a contract's inputs have strings without a limit, or that may hold what a database does not take. */
export function unboundedStrings(contract: Readonly<Record<string, Operation>>): readonly string[] {
  return Object.values(contract).flatMap(({ pattern, input }) =>
    stringsIn(z.toJSONSchema(input, { io: 'input' }) as Json, pattern)
      .filter(([, schema]) => ![...BROKEN, 'a'.repeat(5_000)].every((each) => refuses(schema, each)))
      .map(([at]) => at),
  );
}
