import { entities } from '@facet/contracts';
import { Fault, type FieldFault } from '@facet/platform';
import { z } from 'zod';

type Json = Record<string, unknown>;

/** Parses input with the schema it must fit, or says which fields do not. */
export function parseInput<S extends z.ZodType>(schema: S, raw: unknown): z.output<S> {
  const parsed = schema.safeParse(raw);
  if (parsed.success) return parsed.data;
  throw refusedInput(parsed.error.issues.flatMap(fieldsOf));
}

/** So many fields are named, and so much of each name: an answer must not outgrow what it refuses. */
const NAMED = 20;
const NAME_CHARACTERS = 64;

/** The 400 that names the fields. */
export function refusedInput(all: readonly FieldFault[]): Fault {
  const fields = all.slice(0, NAMED).map(({ field, message }) => ({ field: shortened(field), message }));
  const named = fields.map(({ field }) => field).filter((field) => field !== '');
  const more = all.length > NAMED ? ` and ${all.length - NAMED} more` : '';
  const detail =
    named.length === 0 ? 'The input is not as expected.' : `Not as expected: ${named.join(', ')}${more}.`;
  return new Fault('input.invalid', 400, detail, { fields });
}

function shortened(name: string): string {
  return name.length > NAME_CHARACTERS ? `${name.slice(0, NAME_CHARACTERS)}…` : name;
}

function fieldsOf(issue: z.core.$ZodIssue): FieldFault[] {
  const path = issue.path.map(String);
  if (issue.code !== 'unrecognized_keys') return [{ field: path.join('.'), message: issue.message }];
  return issue.keys.map((key) => ({ field: [...path, key].join('.'), message: 'There is no such field.' }));
}

/** The JSON schema of what a client sends for `schema`. */
export function inputSchemaOf(schema: z.ZodType): Json {
  const { $schema: _, ...json } = z.toJSONSchema(schema, {
    ...{ io: 'input', unrepresentable: 'any' },
    override: ({ zodSchema, jsonSchema }) => void Object.assign(jsonSchema, entities.get(zodSchema)),
  }) as Json;
  return json;
}

/**
 * Turns the text of a query, a path or a header into what the field `name` of `schema` is: a number, a truth value, a list
 * (repeated, or with commas), and adds it to `input`. An empty text counts as not given. What cannot be turned is left, for the
 * schema to refuse it.
 */
export function textReader(schema: z.ZodType): (input: Json, name: string, text: unknown) => void {
  const readers = readersOf(schema);
  return (input, name, text) => addText(input, readers, name, text);
}

/** Reads an aggregation's input from path, query and body, and checks it. */
export type InputReader = (params: object, query: object, body: object | undefined) => unknown;

const known = new WeakMap<z.ZodType, InputReader>();

/** The reader for a schema, made once. It throws the 400 that names every field that does not fit, or is given twice. */
export function inputReaderOf<S extends z.ZodType>(
  schema: S,
): (...given: Parameters<InputReader>) => z.output<S> {
  let reader = known.get(schema);
  if (reader === undefined) known.set(schema, (reader = makeInputReader(schema)));
  return reader as ReturnType<typeof inputReaderOf<S>>;
}

function makeInputReader(schema: z.ZodType): InputReader {
  const readers = readersOf(schema);
  return (params, query, body) => {
    const input: Json = {};
    if (body !== undefined) Object.assign(input, body);
    for (const name in query) {
      if (name === EXPLAIN) continue;
      if (name in params) throw givenTwice(params, query, body);
      addText(input, readers, name, (query as Json)[name]);
    }
    for (const name in params) {
      if (body !== undefined && Object.hasOwn(body, name)) throw givenTwice(params, query, body);
      addText(input, readers, name, (params as Json)[name]);
    }
    return parseInput(schema, input);
  };
}

/** Asks how an answer was made: no input of any aggregation. */
const EXPLAIN = 'explain';

/** Every name is the client's: none may reach a prototype. */
function addText(to: Json, readers: ReadonlyMap<string, Reader>, name: string, value: unknown): void {
  if (value === undefined || value === '') return;
  const read = readers.get(name);
  const known = read === undefined ? value : (read(value) ?? value);
  if (name === '__proto__') Object.defineProperty(to, name, { value: known, enumerable: true });
  else to[name] = known;
}

function givenTwice(params: object, query: object, body: object | undefined): Fault {
  const { [EXPLAIN]: _, ...asked } = query as Json;
  const twice = Object.keys({ ...asked, ...body }).filter((name) => name in params);
  const fields = twice.map((field) => ({ field, message: 'It is part of the address.' }));
  return new Fault('input.invalid', 400, `Given twice: ${twice.join(', ')}.`, { fields });
}

function readersOf(schema: z.ZodType): ReadonlyMap<string, Reader> {
  const properties = (inputSchemaOf(schema)['properties'] ?? {}) as Record<string, Json>;
  return new Map(Object.entries(properties).map(([name, property]) => [name, readerOf(property)]));
}

type Reader = (value: unknown) => unknown;

function readerOf(property: Json): Reader {
  const types = typesOf(property);
  if (types.has('array')) {
    const item = readerOf((property['items'] ?? {}) as Json);
    return (value) =>
      [value]
        .flat()
        .flatMap((each) => String(each).split(','))
        .map(item);
  }
  if (types.has('string')) return (value) => value;
  if (types.has('number') || types.has('integer'))
    return (value) => (isNumber(value) ? Number(value) : value);
  if (types.has('boolean')) return (value) => ({ true: true, false: false })[String(value)] ?? value;
  return (value) => value;
}

function typesOf(property: Json): Set<string> {
  const own = [property['type'] ?? []].flat() as string[];
  const inner = ['anyOf', 'oneOf', 'allOf'].flatMap((key) => (property[key] ?? []) as Json[]);
  return new Set([...own, ...inner.flatMap((each) => [...typesOf(each)])]);
}

function isNumber(value: unknown): value is string {
  return typeof value === 'string' && /^-?\d{1,15}(\.\d{1,15})?$/.test(value);
}
