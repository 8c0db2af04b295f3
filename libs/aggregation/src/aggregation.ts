import type { Operation, OutputOf, Priority } from '@facet/contracts';
import type { z } from 'zod';
import type { ListPathOf, PathOf, PickOf } from './fields.js';

/** A part asks, it never changes anything: writes are steps of a saga. */
export type Query = Operation<z.ZodType, z.ZodType, 'query'>;

/**
 * `required`: without it there is no answer. `optional`: the answer does without, and says so. `deferred`: optional,
 * and follows after the rest where the client takes the answer as a stream.
 */
export type PartKind = 'required' | 'optional' | 'deferred';

declare const opaque: unique symbol;

/** An output that is passed on unread: it has its place in the answer, and nobody here looks into it. */
export interface Opaque<Output> {
  readonly [opaque]: Output;
}

/** The value of a part: the whole output, or the fields that were asked for. */
export type ValueOf<O extends Query, Fields> = [Fields] extends [readonly string[]]
  ? PickOf<OutputOf<O>, Fields[number]>
  : OutputOf<O>;

/** The fields of an output that are always there, of which one can be placed. */
export type PlaceableOf<O extends Query> = {
  [K in keyof OutputOf<O> & string]: undefined extends OutputOf<O>[K] ? never : K;
}[keyof OutputOf<O> & string];

export type FieldsOf<O extends Query> = readonly PathOf<OutputOf<O>>[];
/** The paths of an output that lead to a list. */
export type ListOf<O extends Query> = ListPathOf<OutputOf<O>>;

/** What an endpoint may cost. Checked by `checkBudget` in its spec, never at run time. */
export interface Budget {
  /** The answer as JSON, in bytes. */
  readonly bytes?: number;
  /** Calls by service; a service that is not named may not be called. */
  readonly calls?: Readonly<Record<string, number>>;
  /** Parts that wait for each other, one after the other. */
  readonly depth?: number;
}

/** What inputs, views and shapes are handed: the request, and the values of parts by their names. */
export type Context = Readonly<Record<string, unknown>>;

/** One part as the plan sees it; the builder has checked the types. */
export interface Part {
  readonly name: string;
  readonly kind: PartKind;
  readonly operation: Query;
  readonly needs: readonly string[];
  readonly input: (context: Context) => unknown;
  /** The fields that are read; all of them where absent. */
  readonly fields?: readonly string[];
  /** The list of which only the first items are read. */
  readonly first?: { readonly list: string; readonly count: number };
  /** True where the value is only placed, so that it need not be parsed. */
  readonly opaque: boolean;
  /** The field of an opaque output that is the part's value; the whole output where absent. */
  readonly placed?: string;
  readonly fallback?: { readonly value: unknown };
  /** The part of what is left of the whole deadline that this part may use, above 0 and at most 1. */
  readonly share: number;
  readonly timeoutMs?: number;
  /** Of a part that makes one call for each item of a list: then `input` gives the inputs of all of them. */
  readonly each?: { readonly concurrency: number; readonly max: number };
  /** Makes a deferred part's field of the answer from its value. */
  readonly view?: (context: Context) => unknown;
  /** True where the part has no place in the answer and is only there for others to need. */
  readonly hidden: boolean;
}

declare const later: unique symbol;

/** One client answer made from several calls: `First` at once, the fields of `Later` as they arrive. */
export interface Aggregation<
  Input extends z.ZodType = z.ZodType,
  First extends object = object,
  Later extends object = object,
> {
  readonly name: string;
  readonly input: Input;
  readonly deadlineMs: number;
  /** How much the answer matters when a gateway has to refuse some. */
  readonly criticality: Priority;
  readonly parts: readonly Part[];
  readonly budget: Budget;
  readonly shape: (context: Context) => First;
  readonly [later]?: Later;
}

/** The answer that a client gets who waits for everything. */
export type AnswerOf<A extends Aggregation> =
  A extends Aggregation<z.ZodType, infer First, infer Later> ? Shown<Flat<First & Later>> : never;

/** What a client sees: what is opaque here is what the service promises. */
type Shown<T> = T extends string | number
  ? T
  : T extends Opaque<infer Output>
    ? Output
    : T extends object
      ? { [K in keyof T]: Shown<T[K]> }
      : T;

/** An intersection, written out so that editors show its fields. */
export type Flat<T> = { [K in keyof T]: T[K] };
