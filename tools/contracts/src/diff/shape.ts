import type { Json } from '../documents/contract-document.js';

/** What a schema allows, references followed and `null` taken out. */
export interface Shape {
  /** Any type where empty. */
  readonly types: readonly string[];
  readonly isNullable: boolean;
  /** The values as JSON, of `enum` and `const`. */
  readonly values: readonly string[] | undefined;
  readonly properties: ReadonlyMap<string, Json>;
  readonly required: ReadonlySet<string>;
  /** The schema of fields without a name: false where they are refused. */
  readonly additional: Json | boolean;
  readonly items: Json | undefined;
  /** Of `anyOf` and `oneOf`, null left out; one alternative stands in the shape itself. */
  readonly alternatives: readonly Json[];
  /** All other keywords: bounds, pattern, format, extensions. */
  readonly keywords: Readonly<Json>;
}

const ANNOTATIONS = new Set([
  'title',
  'description',
  'examples',
  '$schema',
  '$defs',
  '$comment',
  'id',
  '$id',
]);

/** Reads schemas of one document. */
export class Shapes {
  constructor(private readonly document: Json) {}

  /** Follows references; they are relative to the document or, for `$defs`, to the schema `root`. */
  resolve(schema: Json, root: Json): Json {
    let at = schema;
    for (let steps = 0; typeof at['$ref'] === 'string'; steps += 1) {
      const { $ref, ...beside } = at as Json & { $ref: string };
      const found = pointer($ref.startsWith('#/$defs/') ? root : this.document, $ref);
      if (found === undefined || steps > 50) throw new Error(`the reference ${$ref} leads nowhere`);
      at = { ...found, ...beside };
    }
    return at;
  }

  of(schema: Json, root: Json): Shape {
    const { allOf = [], anyOf, oneOf, ...own } = this.resolve(schema, root);
    const merged = (allOf as Json[]).map((each) => this.#merged(each, root)).reduce(merge, own);
    const all = ((anyOf ?? oneOf ?? []) as Json[]).map((each) => this.resolve(each, root));
    const alternatives = all.filter(({ type }) => type !== 'null');
    const isNullable = alternatives.length < all.length || typesOf(merged).includes('null');
    if (alternatives.length !== 1) return { ...shapeOf(merged), isNullable, alternatives };
    const only = this.of(alternatives[0] as Json, root);
    return {
      ...only,
      isNullable: isNullable || only.isNullable,
      keywords: { ...only.keywords, ...shapeOf(merged).keywords },
    };
  }

  #merged(schema: Json, root: Json): Json {
    const { allOf = [], ...own } = this.resolve(schema, root);
    return (allOf as Json[]).map((each) => this.#merged(each, root)).reduce(merge, own);
  }
}

function merge(a: Json, b: Json): Json {
  return {
    ...{ ...a, ...b },
    ...(a['properties'] || b['properties']
      ? { properties: { ...(a['properties'] as Json), ...(b['properties'] as Json) } }
      : {}),
    ...(a['required'] || b['required']
      ? { required: [...((a['required'] ?? []) as string[]), ...((b['required'] ?? []) as string[])] }
      : {}),
  };
}

function shapeOf(schema: Json): Shape {
  const {
    type: _,
    enum: values,
    const: one,
    properties,
    required,
    additionalProperties,
    items,
    ...rest
  } = schema;
  const listed = values ?? (one === undefined ? undefined : [one]);
  return {
    types: typesOf(schema).filter((each) => each !== 'null'),
    isNullable: typesOf(schema).includes('null'),
    values: (listed as unknown[] | undefined)?.map((each) => JSON.stringify(each)),
    properties: new Map(Object.entries((properties ?? {}) as Record<string, Json>)),
    required: new Set((required ?? []) as string[]),
    additional: isEmpty(additionalProperties) ? true : (additionalProperties as Json | boolean),
    items: items as Json | undefined,
    alternatives: [],
    keywords: Object.fromEntries(Object.entries(rest).filter(([key]) => !ANNOTATIONS.has(key))),
  };
}

const isEmpty = (value: unknown): boolean =>
  value === undefined || (typeof value === 'object' && value !== null && Object.keys(value).length === 0);

const typesOf = ({ type }: Json): readonly string[] => [type ?? []].flat() as string[];

function pointer(document: Json, ref: string): Json | undefined {
  let at: unknown = document;
  for (const part of ref.replace(/^#\//, '').split('/')) {
    const name = part.replaceAll('~1', '/').replaceAll('~0', '~');
    at = typeof at === 'object' && at !== null ? (at as Json)[name] : undefined;
  }
  return at as Json | undefined;
}
