import type { Json } from './schemas.js';

/** A field of a route that is to go, as the gateway's document lists them: `x-facet-deprecated`. */
export interface DeprecatedField {
  /** `query q`, `body lines.note` or `answer items.brand`: lists are passed through. */
  readonly field: string;
  readonly since?: string;
  readonly sunset?: string;
  readonly link?: string;
}

/** The fields that a described operation says are deprecated, each at the first place that it is found. */
export function deprecatedFieldsIn(operation: Json, ok: Json): readonly DeprecatedField[] {
  const parameters = (operation['parameters'] ?? []) as { name: string; in: string; schema: Json }[];
  const found = [
    ...parameters.flatMap(({ name, in: place, schema }) => marked(schema, `${place} ${name}`)),
    ...below(schemaOf(operation['requestBody']), 'body '),
    ...Object.values(ok).flatMap((answer) => below(schemaOf(answer), 'answer ')),
  ];
  return [...new Map(found.map((each) => [each.field, each])).values()];
}

function marked(schema: Json, field: string): readonly DeprecatedField[] {
  const { deprecated, 'x-deprecated-since': since, 'x-sunset': sunset, externalDocs } = schema;
  if (deprecated !== true) return below(schema, `${field}.`);
  const { url: link } = (externalDocs ?? {}) as { url?: string };
  const given = Object.entries({ since, sunset, link }).filter(([, value]) => typeof value === 'string');
  return [{ field, ...(Object.fromEntries(given) as Record<string, string>) }];
}

/** References, which are to what leads back to itself, are not followed: what they lead to has been seen. */
function below(schema: Json, lead: string): readonly DeprecatedField[] {
  const inner = ['anyOf', 'oneOf', 'allOf'].flatMap((key) => (schema[key] ?? []) as Json[]);
  const properties = Object.entries((schema['properties'] ?? {}) as Record<string, Json>);
  const items = schema['items'] as Json | undefined;
  return [
    ...properties.flatMap(([name, each]) => marked(each, `${lead}${name}`)),
    ...(items === undefined ? [] : below(items, lead)),
    ...inner.flatMap((each) => below(each, lead)),
  ];
}

function schemaOf(from: unknown): Json {
  const { content = {} } = (from ?? {}) as { content?: Record<string, { schema?: Json }> };
  return content['application/json']?.schema ?? {};
}
