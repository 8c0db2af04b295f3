import { pickerOf } from '@facet/contracts';
import { CheckedReading, compileReader, type Reading } from '@facet/reader';
import type { Part } from './bodies.js';

/** A way to read an answer. What it gives is JSON, or a value where it says so. */
export interface Way {
  readonly name: string;
  readonly read: (body: Buffer) => unknown;
}

/** Every way to read the answers of one part; `fields` undefined: all of it. */
export function waysOf({ operation }: Part, fields: readonly string[] | undefined): readonly Way[] {
  const { pattern, output } = operation;
  const pick = pickerOf({ ...(fields && { fields }) });
  const reading: Reading = { operation, fields };
  const checked = new CheckedReading(output, { pattern, fields, first: undefined });
  const text = compileReader({ ...reading, opaque: true });
  const value = compileReader(reading);
  return [
    { name: 'parse alone', read: (body) => JSON.parse(body.toString()) as unknown },
    {
      name: 'decode, zod, pick, stringify',
      read: (body) => JSON.stringify(pick(zodTwice(output, JSON.parse(body.toString())))),
    },
    { name: 'fallback, to text', read: (body) => checked.write(checked.read(body).value) },
    { name: 'fallback, to a value', read: (body) => checked.read(body).value },
    { name: 'reader, to text', read: (body) => text.read(body) },
    { name: 'reader, to a value', read: (body) => value.read(body) },
  ];
}

interface Issue {
  readonly code?: string;
  readonly path: readonly PropertyKey[];
  readonly keys?: readonly string[];
}

/** What a gateway did before it had a reader: zod, and where there are surplus fields, zod again without them. */
function zodTwice(output: Part['operation']['output'], value: unknown): unknown {
  const first = output.safeParse(value);
  if (first.success) return first.data;
  for (const issue of first.error.issues as readonly Issue[]) {
    const holder = issue.path.reduce((at, key) => (at as Record<PropertyKey, unknown>)[key], value);
    for (const key of issue.keys ?? []) delete (holder as Record<string, unknown>)[key];
  }
  return output.parse(value);
}
