import type { ClientRequest, InputOf } from '@facet/contracts';
import type { z } from 'zod';
import type {
  Aggregation,
  Budget,
  FieldsOf,
  Flat,
  ListOf,
  Opaque,
  PlaceableOf,
  Query,
  ValueOf,
} from './aggregation.js';

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
