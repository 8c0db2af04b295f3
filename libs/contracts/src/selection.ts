import { z } from 'zod';
import type { Operation } from './operation.js';

/** What a caller reads of an operation's output. Made once, at boot: compiled readers and constant text hang on it. */
export interface Selection<O extends Operation = Operation> {
  readonly operation: O;
  /** The fields that are read, as paths (`items.price.amount`); all of them where absent. */
  readonly fields?: readonly string[];
  /** Only the first `count` items of one list are read; `list` is its path. */
  readonly first?: FirstOf;
  /** The answer is passed on unread: its value is a `RawJson`. */
  readonly opaque: boolean;
}

export interface FirstOf {
  readonly list: string;
  readonly count: number;
}

export type SelectionOptions = Partial<Pick<Selection, 'fields' | 'first' | 'opaque'>>;

/**
 * What is read of `operation`. Throws a RangeError that names the operation and what is wrong: a path that the output
 * does not have, a `first` of something that is no list, a count that is not a whole number from 1.
 */
export function selection<O extends Operation>(operation: O, options: SelectionOptions = {}): Selection<O> {
  const { fields, first, opaque = false } = options;
  for (const path of fields ?? []) checkPath(operation, 'fields', path);
  if (first !== undefined) checkFirst(operation, first);
  return Object.freeze({
    operation,
    opaque,
    ...(fields && { fields: Object.freeze([...fields]) }),
    ...(first && { first: Object.freeze({ ...first }) }),
  });
}

const KEPT_FOR_EACH = 64;
const known = new WeakMap<Operation, Map<string, Selection>>();

/** The same selection for the same fields, for calls that name them each time; routing makes no second reader then. */
export function selectionOf<O extends Operation>(
  operation: O,
  { fields, first, opaque = false }: SelectionOptions,
): Selection<O> {
  let ofOperation = known.get(operation);
  if (ofOperation === undefined) known.set(operation, (ofOperation = new Map<string, Selection>()));
  const isAll = fields === undefined && first === undefined;
  const key = isAll ? String(opaque) : JSON.stringify([opaque, first?.list, first?.count, fields]);
  let found = ofOperation.get(key);
  if (found === undefined) {
    found = selection(operation, { opaque, ...(fields && { fields }), ...(first && { first }) });
    if (ofOperation.size < KEPT_FOR_EACH) ofOperation.set(key, found);
  }
  return found as Selection<O>;
}

function checkFirst(operation: Operation, { list, count }: FirstOf): void {
  if (!Number.isSafeInteger(count) || count < 1) {
    throw new RangeError(`${operation.pattern}: first.count: got ${count}, expected a whole number from 1`);
  }
  const schema = checkPath(operation, 'first.list', list);
  if (schema !== undefined && !(schema instanceof z.ZodArray)) {
    throw new RangeError(`${operation.pattern}: first.list: "${list}" is no list of its output`);
  }
}

/** The schema at a path, lists on the way gone through; undefined where schemas do not say what is there. */
function checkPath({ pattern, output }: Operation, option: string, path: string): z.ZodType | undefined {
  const names = path.split('.');
  if (names.includes('') || names.includes('__proto__')) {
    throw new RangeError(`${pattern}: ${option}: got "${path}", expected names with dots between them`);
  }
  let at: z.ZodType = inside(output);
  for (const name of names) {
    if (at instanceof z.ZodArray) at = inside(at.element as z.ZodType);
    if (isOpen(at)) return undefined;
    const { shape } = at as z.ZodObject;
    if (!Object.hasOwn(shape, name)) {
      throw new RangeError(`${pattern}: ${option}: its output has no "${path}"`);
    }
    at = inside(shape[name] as z.ZodType);
  }
  return at;
}

/** Without what only says that a value may be absent. */
function inside(schema: z.ZodType): z.ZodType {
  let at = schema;
  while (
    at instanceof z.ZodOptional ||
    at instanceof z.ZodNullable ||
    at instanceof z.ZodDefault ||
    at instanceof z.ZodReadonly
  ) {
    at = at.unwrap() as z.ZodType;
  }
  return at;
}

/** Whether its fields are not known name by name: unions, records, transforms and the like. */
function isOpen(schema: z.ZodType): boolean {
  if (!(schema instanceof z.ZodObject)) return true;
  const { catchall } = schema._zod.def;
  return catchall !== undefined && !(catchall instanceof z.ZodNever);
}
