import { pickerOf, selection as selectionOf, type Picker, type Selection } from '@facet/contracts';
import type { z } from 'zod';
import type { Aggregation, Part } from './aggregation.js';
import { cacheControl, freshnessOf } from './freshness.js';
import { Templates } from './template.js';

/**
 * How a part's call goes out. `direct`: at once, as no other part asks the same operation. `joined`: at the end of the
 * turn, one call for all parts that ask the same. `batched`: by ids, one call for the ids of all parts.
 */
export type Lane = 'direct' | 'joined' | 'batched';

/** One part, with all that is known of it before the first request. */
export interface PlannedPart {
  readonly index: number;
  readonly part: Part;
  readonly lane: Lane;
  /** Whether its call waits for the end of the turn, as other parts may join it. */
  readonly isShared: boolean;
  readonly selection: Selection;
  /** Whether an answer with the selection's fields is the part's value as it is. */
  readonly isExact: boolean;
  /** Takes what the part reads of an answer. */
  readonly pick: Picker;
  /** Takes the first items of the part's list, and the rest as it is. */
  readonly pickFirst: Picker;
  /** What stands before the field that is placed, in an answer with that field alone. */
  readonly beforePlaced: string;
  readonly needs: readonly number[];
  readonly dependents: readonly number[];
  readonly isDeferred: boolean;
  /** `name;dur=`, as `Server-Timing` begins a part. */
  readonly timing: string;
}

/** An aggregation, compiled: what a run of it would otherwise work out each time. */
export interface Plan {
  readonly aggregation: Aggregation;
  readonly parts: readonly PlannedPart[];
  /** Those that need no other. */
  readonly roots: readonly number[];
  /** How many parts each one needs. */
  readonly needCounts: readonly number[];
  /** All but the deferred ones: what the shape is handed. */
  readonly firsts: readonly number[];
  readonly hasDeferred: boolean;
  /** The arrays of a run before it starts; copying one is cheaper than filling it. */
  readonly blank: {
    readonly nothing: readonly undefined[];
    readonly waiting: readonly 'waiting'[];
    readonly times: readonly number[];
  };
  /** `Cache-Control` of an answer whose parts are all fresh: for everybody, and where it depends on the caller. */
  readonly freshCacheControl: { readonly public: string; readonly private: string };
  readonly templates: Templates;
  /** The selection of several parts together, by their indices; made once for each set of parts that has met. */
  readonly unions: Map<string, Selection>;
}

const plans = new WeakMap<Aggregation, Plan>();

/** The plan of an aggregation: the same one each time. Throws a RangeError for a field or list that an operation has not. */
export function compile<I extends z.ZodType>(aggregation: Aggregation<I>): Plan {
  const known = plans.get(aggregation);
  if (known !== undefined) return known;
  const parts = plannedParts(aggregation);
  const firsts = parts.filter(({ isDeferred }) => !isDeferred).map(({ index }) => index);
  const plan: Plan = {
    aggregation,
    parts,
    roots: parts.filter(({ needs }) => needs.length === 0).map(({ index }) => index),
    needCounts: parts.map(({ needs }) => needs.length),
    firsts,
    hasDeferred: firsts.length < parts.length,
    blank: {
      nothing: parts.map(() => undefined),
      waiting: parts.map(() => 'waiting'),
      times: parts.map(() => 0),
    },
    freshCacheControl: { public: freshControl(parts, false), private: freshControl(parts, true) },
    templates: new Templates(aggregation),
    unions: new Map(),
  };
  plans.set(aggregation, plan);
  return plan;
}

function plannedParts(aggregation: Aggregation): PlannedPart[] {
  const { name, parts } = aggregation;
  const indexOf = new Map(parts.map((part, index) => [part.name, index]));
  return parts.map((part, index) => {
    const { operation, fields, first } = part;
    const selection = selectionFor(name, part);
    const isShared = parts.filter((other) => other.operation.pattern === operation.pattern).length > 1;
    return {
      index,
      part,
      isShared,
      lane: laneOf(part, isShared),
      selection,
      isExact: selection.fields?.length === fields?.length,
      pick: pickerOf({ ...(fields && { fields }), ...(first && { first }) }),
      pickFirst: pickerOf({ ...(first && { first }) }),
      beforePlaced: `{${JSON.stringify(part.placed ?? '')}:`,
      needs: part.needs.map((need) => indexOf.get(need) ?? -1),
      dependents: parts.flatMap(({ needs }, other) => (needs.includes(part.name) ? [other] : [])),
      isDeferred: part.kind === 'deferred',
      timing: `${part.name};dur=`,
    };
  });
}

function laneOf({ operation, each }: Part, isShared: boolean): Lane {
  if (each !== undefined) return 'direct';
  if (operation.byIds !== undefined) return 'batched';
  return isShared ? 'joined' : 'direct';
}

/** What is asked of the service. The key of each item is read by the join of a query by ids. */
function selectionFor(name: string, { name: part, operation, fields, first, opaque }: Part): Selection {
  const { byIds } = operation;
  const key = byIds === undefined ? undefined : `${byIds.items}.${byIds.key}`;
  const isKeyed = key === undefined || fields === undefined || fields.includes(key);
  const read = isKeyed || fields.includes(byIds?.items ?? '') ? fields : [...fields, key];
  try {
    return selectionOf(operation, { opaque, ...(read && { fields: read }), ...(first && { first }) });
  } catch (error) {
    throw new RangeError(`${name}, part "${part}": ${(error as Error).message}`, { cause: error });
  }
}

function freshControl(parts: readonly PlannedPart[], readsCaller: boolean): string {
  const asked = parts.map(({ part }) => ({ freshness: part.operation.freshness, ageMs: 0 }));
  return cacheControl(freshnessOf(asked, readsCaller));
}

/** What several parts read together: all of it, or the fields of all of them and the longest list. */
export function unionOf(plan: Plan, parts: readonly PlannedPart[]): Selection {
  const [one] = parts as readonly [PlannedPart, ...PlannedPart[]];
  if (parts.length === 1) return one.selection;
  const key = parts.map(({ index }) => index).join();
  let union = plan.unions.get(key);
  if (union === undefined) plan.unions.set(key, (union = unite(parts.map((part) => part.selection))));
  return union;
}

function unite(selections: readonly Selection[]): Selection {
  const [{ operation, first }] = selections as readonly [Selection, ...Selection[]];
  const fields = selections.every((each) => each.fields !== undefined)
    ? [...new Set(selections.flatMap((each) => each.fields ?? []))]
    : undefined;
  const isSameList = selections.every((each) => each.first?.list === first?.list);
  const count = Math.max(...selections.map((each) => each.first?.count ?? Infinity));
  return selectionOf(operation, {
    opaque: selections.every((each) => each.opaque && isSame(each, selections[0] as Selection)),
    ...(fields && { fields }),
    ...(first && isSameList && { first: { list: first.list, count } }),
  });
}

/** Whether both read the same JSON. Where one reads other fields, the answer is parsed for all. */
function isSame(one: Selection, other: Selection): boolean {
  return (
    isSameFields(one.fields, other.fields) &&
    one.first?.list === other.first?.list &&
    one.first?.count === other.first?.count
  );
}

function isSameFields(one: readonly string[] | undefined, other: readonly string[] | undefined): boolean {
  return one?.length === other?.length && (one ?? []).every((field, index) => field === other?.[index]);
}

/** Whether an answer selected by `sent` contains everything that `wanted` selects. */
export function covers(sent: Selection, wanted: Selection): boolean {
  if (sent.opaque) return wanted.opaque && isSame(sent, wanted);
  const { fields, first } = sent;
  const hasFields =
    fields === undefined ||
    (wanted.fields !== undefined && wanted.fields.every((field) => fields.includes(field)));
  const hasItems =
    first === undefined || (first.list === wanted.first?.list && first.count >= wanted.first.count);
  return hasFields && hasItems;
}
