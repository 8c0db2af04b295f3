import { z } from 'zod';
import { httpPlaces, type HttpBinding } from './http.js';
import { checkPattern, patternText, type MessagePattern, type Values } from './message.js';
import { idsIn, type AsksForOwned } from './id.js';

/** A query may be repeated without harm. A command may not, unless its input carries an `idempotencyKey`. */
export type OperationKind = 'query' | 'command';

/** How long an answer may be reused. Declared by the service that owns the data, followed by every gateway. */
export interface Freshness {
  /** Milliseconds during which an answer counts as fresh. */
  readonly ttlMs: number;
  /** Further milliseconds during which it may be served while a new one is fetched. */
  readonly staleWhileRevalidateMs?: number;
  /** True where two callers may get different answers to the same input: then it is never shared between them. */
  readonly perCaller?: boolean;
  /**
   * True where a service that speaks HTTP may shorten this for a single answer, by its `Cache-Control` and `Age`: `max-age`
   * below `ttlMs`, `no-store` for one that is never reused. It never makes it longer.
   */
  readonly fromService?: boolean;
  /**
   * What the answer depends on, so that a change of it makes the answer void at once: `['products', 'product:{id}']`,
   * where `{id}` stands for the input's field `id`. The list of a query by ids (`'product:{ids}'`) gives each item the
   * tag of its own id. The service tells of them (`Changes` of `@facet/service`) whenever its data change.
   */
  readonly tags?: readonly string[];
}

/**
 * A query "by ids": the input has one list of ids, the output one list of items, each naming its id.
 * Ids that the service does not know are left out of the answer; the order is free, and there is nothing beside the items.
 */
export interface ByIds {
  /** The input's field with the ids. */
  readonly ids: string;
  /** The output's field with the items. */
  readonly items: string;
  /** The field of an item that holds its id. */
  readonly key: string;
  /** The most ids that one call may carry. */
  readonly max: number;
}

/**
 * Whose data an operation asks for. A field of the input (a customer's id, or a list of them) that must
 * name the caller's own customer and no other: the service then finds nothing of another customer. Or the reason, in words,
 * why a caller who may call may ask for any customer's.
 */
export type Owner = string | { readonly anybody: string };

/**
 * Whom a service lets ask, whatever a gateway has allowed: held against the caller that a frame proves. An operation
 * without it is for every caller of a gateway, visitors among them.
 */
export interface OperationAccess {
  /** All of these scopes. */
  readonly scopes?: readonly string[];
  /** All of these roles. */
  readonly roles?: readonly string[];
  /** Needed wherever the input has an id of something that belongs to a customer. */
  readonly owner?: Owner;
  /** Only gateways for themselves, for what nobody outside may ask. */
  readonly gatewayOnly?: boolean;
}

/** One operation that a service promises. */
export interface Operation<
  Input extends z.ZodType = z.ZodType,
  Output extends z.ZodType = z.ZodType,
  Kind extends OperationKind = OperationKind,
> {
  readonly service: string;
  readonly name: string;
  /** What it is called everywhere, `service.name`; Nest's message pattern too, where `message` names no other. */
  readonly pattern: string;
  /** The message pattern of a service that has patterns of its own. */
  readonly message?: MessagePattern;
  /** Which values are the answer, where the service's handler returns an Observable. Default `first`. */
  readonly values?: Values;
  /** How a service that speaks HTTP is asked for it. */
  readonly http?: HttpBinding;
  readonly kind: Kind;
  readonly summary: string;
  readonly input: Input;
  readonly output: Output;
  /** The errors it answers with beside the general ones: code and HTTP status. */
  readonly errors: Readonly<Record<string, number>>;
  readonly freshness?: Freshness;
  readonly byIds?: ByIds;
  readonly access?: OperationAccess;
  /** Whether it may be repeated: every query, and a command whose input has an `idempotencyKey`. */
  readonly repeatable: boolean;
}

/** What a caller hands in, before defaults are filled in. */
export type InputOf<O extends Operation> = z.input<O['input']>;
/** What the service's handler receives. */
export type ParsedInputOf<O extends Operation> = z.output<O['input']>;
export type OutputOf<O extends Operation> = z.output<O['output']>;

interface Definition<Input extends z.ZodType, Output extends z.ZodType> {
  readonly summary: string;
  readonly input: Input;
  readonly output: Output;
  readonly errors?: Readonly<Record<string, number>>;
  readonly access?: OperationAccess;
  readonly message?: MessagePattern;
  readonly values?: Values;
  readonly http?: HttpBinding;
}

interface QueryDefinition<Input extends z.ZodType, Output extends z.ZodType> extends Definition<
  Input,
  Output
> {
  readonly freshness?: Freshness;
  readonly byIds?: ByIds;
}

type Unplaced<Input extends z.ZodType, Output extends z.ZodType, Kind extends OperationKind> = Omit<
  Operation<Input, Output, Kind>,
  'service' | 'name' | 'pattern'
>;

/** An input with an id of something that belongs to a customer, or with one that names no entity, has an owner. */
type WithOwner<Input extends z.ZodType> = [AsksForOwned<z.input<Input>>] extends [never]
  ? unknown
  : { readonly access: OperationAccess & { readonly owner: Owner } };

export function query<Input extends z.ZodType, Output extends z.ZodType>(
  definition: QueryDefinition<Input, Output> & WithOwner<Input>,
): Unplaced<Input, Output, 'query'> {
  checkTags(definition);
  checkReached(definition);
  checkOwner(definition);
  checkByIds(definition);
  return { errors: {}, ...definition, kind: 'query', repeatable: true };
}

/** A tag that names no field of the input would never be told of, without anybody noticing. */
function checkTags({ summary, input, freshness }: QueryDefinition<z.ZodType, z.ZodType>): void {
  const fields = input instanceof z.ZodObject ? Object.keys(input.shape) : [];
  for (const tag of freshness?.tags ?? []) {
    const named = [...tag.matchAll(/\{(.*?)\}/g)].map(([, field = '']) => field);
    const unknown = named.find((field) => !fields.includes(field));
    if (unknown !== undefined || named.length > 1) {
      const what =
        unknown === undefined ? 'may name one field' : `names "${unknown}", which the input does not have`;
      throw new Error(`"${summary}": the tag "${tag}" ${what}`);
    }
  }
}

/** How a service is reached for it. */
function checkReached({ summary, input, message, values, http }: Definition<z.ZodType, z.ZodType>): void {
  if (message !== undefined) checkPattern(summary, message);
  if (values !== undefined && !['first', 'last', 'all'].includes(values)) {
    throw new Error(`"${summary}": values: got ${String(values)}, expected first, last or all`);
  }
  if (http !== undefined) httpPlaces(summary, http, input);
}

function checkOwner({ summary, input, access }: Definition<z.ZodType, z.ZodType>): void {
  const owner = access?.owner;
  if (typeof owner === 'string') return;
  if (owner !== undefined) {
    if (owner.anybody.trim() === '') throw new Error(`"${summary}": access.owner.anybody says why, in words`);
    return;
  }
  const found = idsIn(input).find((each) => each.owner !== 'nobody');
  if (found === undefined) return;
  const what =
    found.entity === undefined
      ? 'an id that names no entity'
      : `an id of ${found.entity}, which a customer owns`;
  throw new Error(
    `"${summary}": its input asks for "${found.at}", ${what}: name the field of the input with the customer in access.owner, ` +
      `say in access.owner.anybody why anybody's may be asked for, or make it id('…', { owner: 'nobody' })`,
  );
}

/** Items are joined to ids by their key: it has to be the id of the same thing. */
function checkByIds({ summary, input, output, byIds }: QueryDefinition<z.ZodType, z.ZodType>): void {
  if (byIds === undefined) return;
  const asked = idsIn(input).find(({ at }) => at === `${byIds.ids}[]`)?.entity;
  const answered = idsIn(output, 'output').find(({ at }) => at === `${byIds.items}[].${byIds.key}`)?.entity;
  if (asked !== answered)
    throw new Error(
      `"${summary}": it is asked by ids of ${asked ?? 'no entity'} and answers with ids of ${answered ?? 'no entity'}`,
    );
}

export function command<Input extends z.ZodObject, Output extends z.ZodType>(
  definition: Definition<Input, Output> & WithOwner<Input>,
): Unplaced<Input, Output, 'command'> {
  checkReached(definition);
  checkOwner(definition);
  return {
    errors: {},
    ...definition,
    kind: 'command',
    repeatable: 'idempotencyKey' in definition.input.shape,
  };
}

type Placed<T> =
  T extends Unplaced<infer Input, infer Output, infer Kind> ? Operation<Input, Output, Kind> : never;

/**
 * Names a service's operations: `service('catalog', { product: query(…) }).product.pattern` is `catalog.product`.
 */
export function service<T extends Record<string, Unplaced<z.ZodType, z.ZodType, OperationKind>>>(
  name: string,
  operations: T,
): { readonly [K in keyof T]: Placed<T[K]> } {
  const placed = Object.entries(operations).map(([key, operation]) => [
    key,
    Object.freeze({ ...operation, service: name, name: key, pattern: `${name}.${key}` }),
  ]);
  checkUnique(placed as [string, Operation][]);
  return Object.freeze(Object.fromEntries(placed)) as { readonly [K in keyof T]: Placed<T[K]> };
}

/** A service answers a message pattern with one handler. */
function checkUnique(operations: readonly (readonly [string, Operation])[]): void {
  const known = new Map<string, string>();
  for (const [name, { service, pattern, message }] of operations) {
    const text = patternText(message ?? pattern);
    const other = known.get(text);
    if (other !== undefined)
      throw new Error(`${service}: ${other} and ${name} both have the pattern ${text}`);
    known.set(text, name);
  }
}
