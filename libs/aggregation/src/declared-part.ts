import { z } from 'zod';
import type { Aggregation, Context, Part, PartKind, Query } from './aggregation.js';

/** An aggregation whose parts are being declared. */
export type Draft<Input extends z.ZodType> = Omit<Aggregation<Input>, 'shape'>;

/** What a part says, as the code has it that cannot know the types of others. */
export interface LooseOptions {
  readonly needs?: readonly string[];
  readonly input: (context: Context) => unknown;
  readonly fields?: readonly string[];
  readonly list?: string;
  readonly first?: number;
  readonly opaque?: boolean | string;
  readonly share?: number;
  readonly timeoutMs?: number;
  readonly default?: unknown;
  readonly each?: { readonly concurrency: number; readonly max: number };
  readonly shape?: (context: Context) => unknown;
  readonly hidden?: boolean;
}

export interface LooseEach extends Omit<LooseOptions, 'input' | 'each'> {
  readonly over: (context: Context) => readonly unknown[] | undefined;
  readonly input: (item: unknown, context: Context) => unknown;
  readonly concurrency?: number;
  readonly max?: number;
}

/** A part of one call for each item as the part that it is: its input is the list of their inputs. */
export function eachOf(
  draft: Draft<z.ZodType>,
  { name, operation, options }: { name: string; operation: Query; options: LooseEach },
): LooseOptions {
  const where = `${draft.name}, part "${name}"`;
  const { over, input, concurrency = 4, max = 50, ...rest } = options;
  if (operation.byIds !== undefined) {
    throw new Error(`${where}: ${operation.pattern} is a query by ids; ask for all of them in one call`);
  }
  if (rest.opaque !== undefined) throw new Error(`${where}: a part of many calls cannot be opaque`);
  for (const [option, value, most] of [
    ['concurrency', concurrency, 64],
    ['max', max, 1_000],
  ] as const) {
    if (Number.isInteger(value) && value >= 1 && value <= most) continue;
    throw new RangeError(`${where}: ${option} must be a whole number from 1 to ${most}, got ${value}`);
  }
  return {
    ...rest,
    input: (context) => over(context)?.map((item) => input(item, context)),
    default: [],
    each: { concurrency, max },
  };
}

interface Declared {
  readonly kind: PartKind;
  readonly name: string;
  readonly operation: Query;
  readonly options: LooseOptions;
}

/** The part of a deadline that a part may use where it says nothing else. */
const DEFAULT_SHARE = 0.85;

/** A declared part, checked. Throws where an option is out of range, its name is taken, or it needs or reads what is not there. */
export function partOf(draft: Draft<z.ZodType>, { kind, name, operation, options }: Declared): Part {
  checkPart(draft, { kind, name, operation, options });
  const { needs = [], input, list, first, opaque = false, share = DEFAULT_SHARE } = options;
  const placed = typeof opaque === 'string' ? opaque : undefined;
  const fields = options.fields ?? (placed === undefined ? undefined : [placed]);
  const { timeoutMs, shape, each, hidden = false } = options;
  return Object.freeze({
    name,
    kind,
    operation,
    needs,
    input,
    opaque: opaque !== false,
    share,
    hidden,
    ...(placed === undefined ? {} : { placed }),
    ...(fields === undefined ? {} : { fields }),
    ...(list === undefined || first === undefined ? {} : { first: { list, count: first } }),
    ...(options.default === undefined ? {} : { fallback: { value: options.default } }),
    ...(timeoutMs === undefined ? {} : { timeoutMs }),
    ...(each === undefined ? {} : { each }),
    ...(shape === undefined ? {} : { view: shape }),
  });
}

function checkPart(draft: Draft<z.ZodType>, { kind, name, operation, options }: Declared): void {
  const where = `${draft.name}, part "${name}"`;
  if (!/^[A-Za-z][A-Za-z0-9_]*$/.test(name)) {
    throw new Error(`${where}: a name is a letter followed by letters, digits or _`);
  }
  if (name === 'input' || name === 'caller' || draft.parts.some((part) => part.name === name)) {
    throw new Error(`${where}: the name is taken`);
  }
  if (operation.kind !== 'query') {
    throw new Error(
      `${where}: ${operation.pattern} is a command; only queries can be parts, commands are steps of a saga`,
    );
  }
  const { opaque = false, list, first } = options;
  if ((opaque !== false || first !== undefined) && operation.byIds !== undefined) {
    const surplus = opaque !== false ? '"opaque"' : '"list" and "first"';
    throw new Error(
      `${where}: ${operation.pattern} is a query by ids, whose answer is taken apart; leave out ${surplus}`,
    );
  }
  if (typeof opaque === 'string') checkPlaced(where, opaque, { operation, options });
  if ((list === undefined) !== (first === undefined)) {
    throw new Error(`${where}: "list" and "first" go together: of which list, and how many`);
  }
  for (const need of options.needs ?? []) {
    const needed = draft.parts.find((part) => part.name === need);
    if (needed === undefined) throw new Error(`${where}: needs "${need}", which is not declared before it`);
    if (needed.kind === 'deferred' && kind !== 'deferred') {
      throw new Error(`${where}: needs "${need}", which is deferred; only a deferred part can need it`);
    }
  }
  const { share, timeoutMs } = options;
  if (share !== undefined && !(share > 0 && share <= 1)) {
    throw new RangeError(`${where}: share must be above 0 and at most 1, got ${share}`);
  }
  if (timeoutMs !== undefined && !(timeoutMs > 0)) {
    throw new RangeError(`${where}: timeoutMs must be above 0, got ${timeoutMs}`);
  }
}

/** A field that is placed is always there, and all that is read. */
function checkPlaced(
  where: string,
  field: string,
  { operation, options }: Pick<Declared, 'operation' | 'options'>,
): void {
  const { output } = operation;
  const schema = output instanceof z.ZodObject ? (output.shape[field] as z.ZodType | undefined) : undefined;
  if (schema === undefined || schema.safeParse(undefined).success) {
    throw new Error(`${where}: opaque: "${field}" is no field that every answer of ${operation.pattern} has`);
  }
  const { fields = [], list = field } = options;
  const other = [...fields, list].find((path) => path !== field && !path.startsWith(`${field}.`));
  if (other !== undefined) throw new Error(`${where}: opaque: "${other}" is read and is not in "${field}"`);
}
