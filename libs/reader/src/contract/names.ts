import type { Schema } from './schema.js';

/** Every field name that a schema has anywhere. */
export function namesIn(schema: unknown): ReadonlySet<PropertyKey> {
  const names = new Set<PropertyKey>();
  const seen = new Set<unknown>();
  const waiting: unknown[] = [schema];
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    if (seen.has(next)) continue;
    seen.add(next);
    if (!isSchema(next)) continue;
    const { def } = next._zod;
    if (def.type === 'object') for (const name of Object.keys(def.shape)) names.add(name);
    waiting.push(...schemasOf(def));
  }
  return names;
}

function schemasOf(def: Schema['_zod']['def']): unknown[] {
  if (def.type === 'lazy') return [def.getter()];
  const below: unknown[] = def.type === 'object' ? Object.values(def.shape) : [];
  return [...below, ...Object.values(def).flatMap((value: unknown) => value)];
}

function isSchema(value: unknown): value is Schema {
  return typeof value === 'object' && value !== null && '_zod' in value;
}
