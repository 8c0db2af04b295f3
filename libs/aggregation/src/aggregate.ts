import type { ClientRequest, InputOf, Priority } from '@facet/contracts';
import { z } from 'zod';
import type {
  Aggregation,
  Budget,
  Context,
  FieldsOf,
  Flat,
  ListOf,
  Opaque,
  Part,
  PartKind,
  PlaceableOf,
  Query,
  ValueOf,
} from './aggregation.js';
import { compile } from './plan.js';

export interface AggregateOptions<Input extends z.ZodType> {
  /** What the client sends: path, query and body in one object. */
  readonly input: Input;
  /** Milliseconds for the whole answer. */
  readonly deadlineMs?: number;
  /** How much the answer matters when a gateway has to refuse some. */
  readonly criticality?: Priority;
}

/** What every kind of part may say. `Given` is what its input is made from. */
interface PartOptions<O extends Query, Needs, Fields, IsOpaque> {
  /** The parts whose values the input is made from; only those declared before can be named. */
  readonly needs?: Needs;
  /** The fields that are read, as paths into the output. All of them where absent. */
  readonly fields?: Fields;
  /** The list of which only the `first` items are read, as a path into the output. The service is asked for no more. */
  readonly list?: ListOf<O>;
  /** How many items of `list` are read, from 1. */
  readonly first?: number;
  /**
   * True for a part that only has its place in the answer: nobody looks into its value, and a gateway passes on what the
   * service wrote. The name of a field where the part is that field of the output. Not for a query by ids, which is taken
   * apart.
   */
  readonly opaque?: IsOpaque;
  /** The most of what is left of the whole deadline that this part may use: above 0, at most 1. */
  readonly share?: number;
  /** A limit in milliseconds besides. */
  readonly timeoutMs?: number;
}

interface RequiredInput<O extends Query, Given> {
  /** What to ask. An empty list of ids is answered by an empty list without a call. */
  readonly input: (context: Given) => InputOf<O>;
}

interface OptionalInput<O extends Query, Given, Default> {
  /** What to ask; undefined where there is nothing to ask. */
  readonly input: (context: Given) => InputOf<O> | undefined;
  /** Stands in for a missing value. Without one the value is possibly undefined. */
  readonly default?: Default;
}

interface EachOptions<O extends Query, Needs, Fields, Given, Item> extends Omit<
  PartOptions<O, Needs, Fields, false>,
  'opaque'
> {
  /** The items, of which each is asked for by a call of its own; undefined where there is nothing to ask. */
  readonly over: (context: Given) => readonly Item[] | undefined;
  /** What to ask for one item; undefined where there is nothing to ask. Items that ask the same share a call. */
  readonly input: (item: Item, context: Given) => InputOf<O> | undefined;
  /** The most calls under way at once, from 1 to 64. Default 4. */
  readonly concurrency?: number;
  /** The most items that are asked for, from 1 to 1,000. Default 50. Items after them have no value, and are named. */
  readonly max?: number;
}

interface DeferredView<Given, View, Hidden> {
  /** Makes the answer's field from the value; the value itself where absent. */
  readonly shape?: (context: Given) => View;
  /** True for a part that is only there for other deferred parts to need. */
  readonly hidden?: Hidden;
}

type Reserved = 'input' | 'caller';
/** `never` for a name that is taken, so that the compiler refuses it. */
type Fresh<Name extends string, Taken> = Name extends Taken | Reserved ? never : Name;
type Given<Input extends z.ZodType, Values, Needs extends readonly PropertyKey[]> = ClientRequest<
  z.output<Input>
> &
  Pick<Values, Needs[number] & keyof Values>;
type Unread<O extends Query> = boolean | PlaceableOf<O>;
/** An output, or the field of it that is placed. */
type Taken<Value, IsOpaque> = [IsOpaque] extends [string] ? Value[IsOpaque & keyof Value] : Value;
type Placed<Value, IsOpaque> = [IsOpaque] extends [false] ? Value : Opaque<Taken<Value, IsOpaque>>;
type Defaulted<Value, Default> = [Default] extends [undefined] ? Value | undefined : Value;
type Later<Name extends string, View, Default, Hidden> = [Hidden] extends [true]
  ? unknown
  : [Default] extends [undefined]
    ? { readonly [K in Name]?: View }
    : { readonly [K in Name]: View };

/**
 * Declares an answer part by part. `Values` are the parts so far, `LaterValues` the deferred ones, and `Fields` what
 * the deferred ones add to the answer.
 */
export interface Builder<Input extends z.ZodType, Values, LaterValues, Fields> {
  /** A part without which there is no answer. */
  required<
    Name extends string,
    O extends Query,
    const Needs extends readonly (keyof Values & string)[] = [],
    const F extends FieldsOf<O> | undefined = undefined,
    IsOpaque extends Unread<O> = false,
  >(
    name: Fresh<Name, keyof Values | keyof LaterValues>,
    operation: O,
    options: PartOptions<O, Needs, F, IsOpaque> & RequiredInput<O, Given<Input, Values, Needs>>,
  ): Builder<Input, Values & { readonly [K in Name]: Placed<ValueOf<O, F>, IsOpaque> }, LaterValues, Fields>;

  /** A part that the answer can do without: its default stands in, or it is undefined. */
  optional<
    Name extends string,
    O extends Query,
    const Needs extends readonly (keyof Values & string)[] = [],
    const F extends FieldsOf<O> | undefined = undefined,
    Default extends Taken<ValueOf<O, F>, IsOpaque> | undefined = undefined,
    IsOpaque extends Unread<O> = false,
  >(
    name: Fresh<Name, keyof Values | keyof LaterValues>,
    operation: O,
    options: PartOptions<O, Needs, F, IsOpaque> & OptionalInput<O, Given<Input, Values, Needs>, Default>,
  ): Builder<
    Input,
    Values & { readonly [K in Name]: Defaulted<Placed<ValueOf<O, F>, IsOpaque>, Default> },
    LaterValues,
    Fields
  >;

  /** An optional part that may follow after the rest. It is a field of the answer, under its own name. */
  deferred<
    Name extends string,
    O extends Query,
    const Needs extends readonly (keyof (Values & LaterValues) & string)[] = [],
    const F extends FieldsOf<O> | undefined = undefined,
    Default extends Taken<ValueOf<O, F>, IsOpaque> | undefined = undefined,
    IsOpaque extends Unread<O> = false,
    View = Placed<ValueOf<O, F>, IsOpaque>,
    Hidden extends boolean = false,
  >(
    name: Fresh<Name, keyof Values | keyof LaterValues>,
    operation: O,
    options: PartOptions<O, Needs, F, IsOpaque> &
      OptionalInput<O, Given<Input, Values & LaterValues, Needs>, Default> &
      DeferredView<
        Given<Input, Values & LaterValues, Needs> & {
          readonly [K in Name]: Placed<ValueOf<O, F>, IsOpaque>;
        },
        View,
        Hidden
      >,
  ): Builder<
    Input,
    Values,
    LaterValues & { readonly [K in Name]: Defaulted<Placed<ValueOf<O, F>, IsOpaque>, Default> },
    Fields & Later<Name, View, Default, Hidden>
  >;

  /**
   * An optional part of one call for each item of a list, for services that have no query by ids. Its value is a list in the
   * order of the items; an item that failed is undefined there, and the answer names it (`reviews[2]`).
   */
  each<
    Name extends string,
    O extends Query,
    Item,
    const Needs extends readonly (keyof Values & string)[] = [],
    const F extends FieldsOf<O> | undefined = undefined,
  >(
    name: Fresh<Name, keyof Values | keyof LaterValues>,
    operation: O,
    options: EachOptions<O, Needs, F, Given<Input, Values, Needs>, Item>,
  ): Builder<
    Input,
    Values & { readonly [K in Name]: readonly (ValueOf<O, F> | undefined)[] },
    LaterValues,
    Fields
  >;

  /** What the answer may cost, for its spec to check. */
  budget(budget: Budget): Builder<Input, Values, LaterValues, Fields>;

  /** Ends the declaration: the answer from the request and all parts but the deferred ones. */
  shape<First extends object>(
    shape: (context: ClientRequest<z.output<Input>> & Values) => First,
  ): Aggregation<Input, First, Flat<Fields>>;
}

/**
 * Begins an aggregation. `name` is `<gateway>.<endpoint>`. Throws where an option is out of range, a name is taken, a part
 * needs one that is not declared before it, or reads what its operation does not answer with.
 */
export function aggregate<Input extends z.ZodType>(
  name: string,
  options: AggregateOptions<Input>,
): Builder<Input, unknown, unknown, unknown> {
  const deadlineMs = options.deadlineMs ?? 2_000;
  if (!(deadlineMs > 0)) throw new RangeError(`${name}: deadlineMs must be above 0, got ${deadlineMs}`);
  const { input, criticality = 'normal' } = options;
  return builder({ name, input, deadlineMs, criticality, parts: [], budget: {} });
}

type Draft<Input extends z.ZodType> = Omit<Aggregation<Input>, 'shape'>;

function builder<Input extends z.ZodType>(draft: Draft<Input>): Builder<Input, unknown, unknown, unknown> {
  const add = (kind: PartKind) => (name: string, operation: Query, options: LooseOptions) =>
    builder({ ...draft, parts: [...draft.parts, partOf(draft, { kind, name, operation, options })] });
  const steps = {
    required: add('required'),
    optional: add('optional'),
    deferred: add('deferred'),
    each: (name: string, operation: Query, options: LooseEach) =>
      add('optional')(name, operation, eachOf(draft, { name, operation, options })),
    budget: (budget: Budget) => builder({ ...draft, budget: { ...draft.budget, ...budget } }),
    shape: (shape: (context: Context) => object) => finish(draft, shape),
  };
  // The one place where the checked types meet their loose form.
  return steps as unknown as Builder<Input, unknown, unknown, unknown>;
}

interface LooseOptions {
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

interface LooseEach extends Omit<LooseOptions, 'input' | 'each'> {
  readonly over: (context: Context) => readonly unknown[] | undefined;
  readonly input: (item: unknown, context: Context) => unknown;
  readonly concurrency?: number;
  readonly max?: number;
}

/** A part of one call for each item as the part that it is: its input is the list of their inputs. */
function eachOf(
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

function partOf(draft: Draft<z.ZodType>, { kind, name, operation, options }: Declared): Part {
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

function finish(draft: Draft<z.ZodType>, shape: (context: Context) => object): Aggregation {
  const services = new Set(draft.parts.map((part) => part.operation.service));
  const unknown = Object.keys(draft.budget.calls ?? {}).find((service) => !services.has(service));
  if (unknown !== undefined) {
    throw new Error(`${draft.name}: the budget names "${unknown}", which no part calls`);
  }
  const aggregation = Object.freeze({ ...draft, shape });
  compile(aggregation);
  return aggregation;
}
