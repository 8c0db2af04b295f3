import type { Json } from './schemas.js';

/**
 * Schemas that have a title, `product.meta({ title: 'Product' })`, stand once under `components`, and by reference wherever
 * they are answered: clients get a model of that name. Two that are different under one title stay where they are, and
 * so does everything in them.
 */
export function namedModels(
  documented: Json,
  taken: Readonly<Record<string, unknown>>,
): { readonly paths: Json; readonly models: Json } {
  const found = new Map<string, Set<string>>();
  visit(documented, ({ title, ...schema }) => {
    const name = nameOf(title);
    if (name !== undefined) found.set(name, (found.get(name) ?? new Set()).add(JSON.stringify(schema)));
  });
  const isNamed = (name: string) => found.get(name)?.size === 1 && !(name in taken);
  const models: Json = {};
  const referring = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(referring);
    if (typeof value !== 'object' || value === null) return value;
    const name = nameOf((value as Json)['title']);
    const { title: _, ...rest } = value as Json;
    const inner = Object.fromEntries(
      Object.entries(name === undefined ? (value as Json) : rest).map(([key, each]) => [
        key,
        referring(each),
      ]),
    );
    if (name === undefined) return inner;
    if (!isNamed(name)) return { title: name, ...inner };
    models[name] = inner;
    return { $ref: `#/components/schemas/${name}` };
  };
  const paths = referring(documented) as Json;
  return { paths, models: Object.fromEntries(Object.entries(models).sort(([a], [b]) => (a < b ? -1 : 1))) };
}

/** Titles that are no names are left for people to read. */
function nameOf(title: unknown): string | undefined {
  return typeof title === 'string' && /^[A-Z][A-Za-z0-9]*$/.test(title) ? title : undefined;
}

function visit(value: unknown, each: (schema: Json) => void): void {
  if (typeof value !== 'object' || value === null) return;
  if (!Array.isArray(value)) each(value as Json);
  for (const inner of Object.values(value)) visit(inner, each);
}
