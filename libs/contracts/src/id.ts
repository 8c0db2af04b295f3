import { z } from 'zod';

declare const entity: unique symbol;
declare const owned: unique symbol;

/** An id that says what it is the id of. A plain string may be given for one; an id of another entity may not. */
export type Id<Entity extends string = string, Value = string> = Value & { readonly [entity]?: Entity };

/** An id of something that belongs to a customer. */
export type OwnedId<Entity extends string = string, Value = string> = Id<Entity, Value> & {
  readonly [owned]?: true;
};

/** Whether each of the entity belongs to one customer, or to nobody: then every caller may ask for any of them. */
export type EntityOwner = 'customer' | 'nobody';

interface IdOptions<Owner extends EntityOwner, Schema extends z.ZodType<string | number>> {
  readonly owner: Owner;
  /** What such an id looks like. Default: up to 64 letters, digits and `._:-`, safe in a path. */
  readonly schema?: Schema;
}

type IdOf<Name extends string, Owner extends EntityOwner, Value> = Owner extends 'customer'
  ? OwnedId<Name, Value>
  : Id<Name, Value>;

/** What a JSON schema says of an id, beside its form. */
export interface EntityInJson {
  readonly 'x-entity'?: string;
  readonly 'x-owner'?: EntityOwner;
}

/** Which schemas are ids, and of what: `metadata` of `z.toJSONSchema`. */
export const entities = z.registry<EntityInJson>();

const owners = new Map<string, EntityOwner>();

/**
 * The schema of an entity's ids: `id('order', { owner: 'customer' })`. An operation that asks for the id of something that
 * belongs to a customer has to say in `access.owner` how it is told whose it is.
 *
 * @throws Error where the entity has another owner already
 */
export function id<
  const Name extends string,
  const Owner extends EntityOwner,
  Schema extends z.ZodType<string | number> = z.ZodString,
>(
  name: Name,
  { owner, schema }: IdOptions<Owner, Schema>,
): z.ZodType<IdOf<Name, Owner, z.output<Schema>>, IdOf<Name, Owner, z.input<Schema>>> {
  const known = owners.get(name);
  if (known !== undefined && known !== owner)
    throw new Error(`the ids of "${name}" cannot be of ${owner}: elsewhere they are of ${known}`);
  owners.set(name, owner);
  const form = schema?.clone() ?? printable.clone();
  entities.add(form, { 'x-entity': name, 'x-owner': owner });
  return form as unknown as z.ZodType<
    IdOf<Name, Owner, z.output<Schema>>,
    IdOf<Name, Owner, z.input<Schema>>
  >;
}

const printable = z
  .string()
  .min(1)
  .max(64)
  .regex(/^[A-Za-z0-9][A-Za-z0-9._:-]*$/, 'letters, digits and ._:- only');

/** A customer, as `Caller.customerId` names one. */
export const customerId = id('customer', { owner: 'customer' });

/** An id that a schema has somewhere. */
export interface FoundId {
  /** `lines[].productId` */
  readonly at: string;
  /** Of what; undefined where only its name says that it is an id. */
  readonly entity?: string;
  readonly owner?: EntityOwner;
}

interface Json extends EntityInJson {
  readonly type?: string | readonly string[];
  readonly properties?: Readonly<Record<string, Json>>;
  readonly additionalProperties?: boolean | Json;
  readonly items?: boolean | Json;
  readonly prefixItems?: readonly Json[];
  readonly anyOf?: readonly Json[];
  readonly oneOf?: readonly Json[];
  readonly allOf?: readonly Json[];
  readonly $defs?: Readonly<Record<string, Json>>;
}

/** All ids of a schema, wherever they stand: what names its entity, and what is called `id`, `ids`, `…Id` or `…Ids`. */
export function idsIn(schema: z.ZodType, io: 'input' | 'output' = 'input'): readonly FoundId[] {
  return idsInJson(z.toJSONSchema(schema, { io, unrepresentable: 'any', metadata: entities }));
}

/** The same of a JSON schema that was made with `entities`, a gateway's document for one. */
export function idsInJson(schema: object): readonly FoundId[] {
  return idsOf(schema, '', '');
}

const IS_ID = /^(?:ids?|.*[a-z0-9]Ids?)$/;
const PLAIN = ['string', 'integer', 'number'];

function idsOf(json: Json, at: string, name: string): readonly FoundId[] {
  const { 'x-entity': found, 'x-owner': owner, properties = {}, $defs = {} } = json;
  if (found !== undefined) return [{ at, entity: found, ...(owner === undefined ? {} : { owner }) }];
  const isNamedSo = IS_ID.test(name) && [json.type].flat().some((type) => PLAIN.includes(type ?? ''));
  const choices = [...(json.anyOf ?? []), ...(json.oneOf ?? []), ...(json.allOf ?? [])];
  const elements = [json.items, ...(json.prefixItems ?? [])].filter((each) => typeof each === 'object');
  const rest = typeof json.additionalProperties === 'object' ? [json.additionalProperties] : [];
  const all = [
    ...(isNamedSo ? [{ at }] : []),
    ...choices.flatMap((each) => idsOf(each, at, name)),
    ...elements.flatMap((each) => idsOf(each, `${at}[]`, name)),
    ...rest.flatMap((each) => idsOf(each, `${at}.*`, name)),
    ...Object.entries(properties).flatMap(([key, each]) =>
      idsOf(each, at === '' ? key : `${at}.${key}`, key),
    ),
    ...Object.entries($defs).flatMap(([key, each]) => idsOf(each, key, key)),
  ];
  return all.filter((each, index) => all.findIndex((other) => other.at === each.at) === index);
}

type Leaf = string | number | boolean | bigint | null | undefined;

type IsUnnamed<Name, T> = Name extends 'id' | 'ids' | `${string}Id` | `${string}Ids`
  ? T extends readonly (infer Element)[]
    ? IsUnnamed<Name, Element>
    : T extends string | number
      ? typeof entity extends keyof T
        ? never
        : true
      : never
  : never;

/** As deep as inputs are looked at by their types; deeper ones, and those that contain themselves, are seen at start. */
type Levels = [1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1];

/** True where an input asks for an id of something that belongs to a customer, or that names no entity; else never. */
export type AsksForOwned<T, Left extends readonly unknown[] = Levels> = Left extends readonly [
  unknown,
  ...infer Less,
]
  ? T extends Leaf
    ? typeof owned extends keyof T
      ? true
      : never
    : T extends readonly (infer Element)[]
      ? AsksForOwned<Element, Less>
      : T extends object
        ? { [Key in keyof T]-?: AsksForOwned<T[Key], Less> | IsUnnamed<Key, T[Key]> }[keyof T]
        : never
  : never;
