import { z } from 'zod';

/** Any schema, with a definition that tells its kind. */
export type Schema = z.core.$ZodTypes;
type Check = z.core.$ZodCheck | z.core.$ZodChecks;

/** Everything that a schema holds its values to beside its kind; a format (`z.int()`, `z.email()`) is a check too. */
export function checksOf(schema: Schema): readonly Check[] {
  const { def, traits } = schema._zod;
  const own = traits.has('$ZodCheck') ? [schema as unknown as Check] : [];
  return [...own, ...((def.checks ?? []) as readonly Check[])];
}

const LENGTHS = new Set(['min_length', 'max_length', 'length_equals']);

/** Whether a check only counts: whatever is cut from the elements of a list, it says the same. */
export function isLength(check: Check): boolean {
  return LENGTHS.has(check._zod.def.check) && !hasCondition(check);
}

/** Whether a check runs only under a condition of the contract's own. */
export function hasCondition(check: Check): boolean {
  const { when } = check._zod.def;
  return when !== undefined && when !== hasLength;
}

/** zod's own condition of every length check: there is a length. */
const hasLength = z.string().max(1)._zod.def.checks?.[0]?._zod.def.when;

/** The schema of a definition that differs: `clone` of zod, typed. */
export function withDefinition(schema: Schema, change: Readonly<Record<string, unknown>>): Schema {
  return z.clone<Schema>(schema, { ...schema._zod.def, ...change });
}

/** What a wrapper is around: `optional`, `nullable`, `default` and the like. */
export type Wrapper = z.core.$ZodOptional | z.core.$ZodNullable | z.core.$ZodReadonly | z.core.$ZodDefault;

export function innerOf(wrapper: Schema): Schema {
  return (wrapper as Wrapper)._zod.def.innerType as Schema;
}

/** Whether an object says that it has no fields but those that it names. */
export function isClosed(schema: z.core.$ZodObject): boolean {
  const { catchall } = schema._zod.def;
  return catchall === undefined || catchall._zod.def.type === 'never';
}
