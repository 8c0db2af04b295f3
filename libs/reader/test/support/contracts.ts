import fc from 'fast-check';
import { z } from 'zod';

/** A contract as plain data, so that a spec makes of it what it needs in its own way. */
export type Contract =
  | { readonly kind: 'leaf'; readonly schema: z.ZodType; readonly good: readonly string[] }
  | { readonly kind: 'object'; readonly fields: Readonly<Record<string, ContractField>> }
  | { readonly kind: 'list'; readonly element: Contract; readonly min: number; readonly max: number }
  | { readonly kind: 'nullable'; readonly inner: Contract };

export interface ContractField {
  readonly contract: Contract;
  readonly presence: 'required' | 'optional' | 'default';
}

const leaf = (schema: z.ZodType, ...good: string[]): Contract => ({ kind: 'leaf', schema, good });

export const leaves: readonly Contract[] = [
  leaf(z.string(), '"abc"', '""', '"Åsa 東京 😀"', '"a\\nb\\u0041\\/"'),
  leaf(z.string().min(2).max(4), '"ab"', '"abcd"', '"éé"', '"😀😀😀"', '"\\u0041bc"'),
  leaf(z.string().regex(/^[A-Z]{3}$/), '"EUR"', '"US\\u0044"'),
  leaf(
    z
      .string()
      .min(1)
      .max(8)
      .regex(/^[a-z][a-z0-9._-]*$/),
    '"a"',
    '"p-1.2"',
  ),
  leaf(
    // eslint-disable-next-line no-control-regex -- a pattern as contracts have it
    z.string().regex(/^(?:[^\u0000-\u001f\ud800-\udfff]|[\ud800-\udbff][\udc00-\udfff])*$/),
    '"x"',
    '"😀"',
    '""',
  ),
  leaf(z.iso.datetime(), '"2024-02-29T10:00:00Z"', '"2024-02-28T10:00:00.123Z"'),
  leaf(z.url(), '"https://a.example/x"', '"http://localhost:3000/"', '"https://a.example/ü"'),
  leaf(z.email(), '"a@b.example"'),
  leaf(
    z.string().refine((text) => !text.includes('x')),
    '"ok"',
    '"yes"',
  ),
  leaf(z.number(), '0', '1.5', '-2', '0.1234567890123456789', '-0.25', '1e3', '123456789012345678'),
  leaf(z.number().min(0).max(5), '0', '4.5', '5.0', '0.30000000000000004'),
  leaf(z.number().gt(0).lt(1), '0.5', '0.999'),
  leaf(z.int(), '0', '-7', '999999999999999', '9007199254740991', '1.0'),
  leaf(z.int().nonnegative(), '0', '12'),
  leaf(z.int32(), '-2147483648', '2147483647'),
  leaf(z.number().multipleOf(0.5), '1.5', '2'),
  leaf(z.boolean(), 'true', 'false'),
  leaf(z.null(), 'null'),
  leaf(z.enum(['on', 'off', 'ü', 'o"n', 'of']), '"on"', '"off"', '"ü"', '"o\\"n"', '"of"'),
  leaf(z.literal(['a', 1, 12, true, null]), '"a"', '1', '12', 'true', 'null'),
];

/** Names of fields: short and long, not ASCII, such as JavaScript's own objects have, and such as it sorts. */
export const names = [
  'id',
  'a',
  'b',
  'name',
  'items',
  'é',
  'x"y',
  '7',
  'a long name of a field',
  'back\\slash',
  '日本',
  'made',
];

export const contracts: fc.Arbitrary<Contract> = fc.letrec<{ any: Contract; object: Contract }>((tie) => ({
  any: fc.oneof(
    { maxDepth: 4, depthSize: 'small' },
    fc.constantFrom(...leaves),
    fc.constantFrom(...leaves).map((inner): Contract => ({ kind: 'nullable', inner })),
    tie('object'),
    tie('object').map((inner): Contract => ({ kind: 'nullable', inner })),
    fc
      .record({
        element: tie('any'),
        min: fc.constantFrom(0, 0, 0, 1),
        max: fc.constantFrom(Infinity, Infinity, 3),
      })
      .map((list): Contract => ({ kind: 'list', ...list })),
  ),
  object: fc
    .dictionary(
      fc.constantFrom(...names),
      fc.record({
        contract: tie('any'),
        presence: fc.constantFrom('required', 'required', 'optional', 'default'),
      }),
      { minKeys: 0, maxKeys: 5, noNullPrototype: true },
    )
    .map((fields) => ({ kind: 'object', fields: fields })),
})).object;

/** The contract as a service's author writes it: nothing beside what is named. */
export function strict(contract: Contract): z.ZodType {
  switch (contract.kind) {
    case 'leaf':
      return contract.schema;
    case 'nullable':
      return strict(contract.inner).nullable();
    case 'list':
      return limited(z.array(strict(contract.element)), contract);
    case 'object':
      return z.strictObject(
        Object.fromEntries(
          Object.entries(contract.fields).map(([name, field]) => [
            name,
            present(strict(field.contract), field),
          ]),
        ),
      );
  }
}

/** The same as far as some paths go (all of it where undefined), for answers with more in them: what is expected is read by it. */
export function picked(
  contract: Contract,
  paths: readonly string[] | undefined,
  first?: string,
  at = '',
): z.ZodType {
  switch (contract.kind) {
    case 'leaf':
      return contract.schema;
    case 'nullable':
      return picked(contract.inner, paths, first, at).nullable();
    case 'list': {
      const list = z.array(picked(contract.element, paths, first, `${at}[]`));
      return at === first ? list : limited(list, contract);
    }
    case 'object': {
      const fields = Object.entries(contract.fields).flatMap(([name, field]) => {
        const here = at === '' ? name : `${at.replace(/(\[\])+$/, '')}.${name}`;
        const isWhole =
          paths === undefined || paths.some((path) => path === here || here.startsWith(`${path}.`));
        const isRead = isWhole || paths.some((path) => path.startsWith(`${here}.`));
        const below = isWhole ? undefined : paths;
        return isRead ? [[name, present(picked(field.contract, below, first, here), field)] as const] : [];
      });
      return z.object(Object.fromEntries(fields));
    }
  }
}

function limited(list: z.ZodArray, { min, max }: { min: number; max: number }): z.ZodType {
  const least = min > 0 ? list.min(min) : list;
  return max < Infinity ? least.max(max) : least;
}

/** What stands in for an absent field is of any type: zod does not look at it. */
function present(schema: z.ZodType, { presence }: ContractField): z.ZodType {
  if (presence === 'optional') return schema.optional();
  return presence === 'default' ? schema.default('stands in') : schema;
}

/** Every path of a contract, lists gone through. */
export function pathsOf(contract: Contract, at = ''): string[] {
  if (contract.kind === 'leaf') return [];
  if (contract.kind === 'nullable') return pathsOf(contract.inner, at);
  if (contract.kind === 'list') return pathsOf(contract.element, at);
  return Object.entries(contract.fields).flatMap(([name, { contract: below }]) => {
    const here = at === '' ? name : `${at}.${name}`;
    return [here, ...pathsOf(below, here)];
  });
}

/** The paths of its lists. */
export function listsOf(contract: Contract, at = ''): string[] {
  if (contract.kind === 'leaf') return [];
  if (contract.kind === 'nullable') return listsOf(contract.inner, at);
  if (contract.kind === 'list') return [at, ...listsOf(contract.element, at)];
  return Object.entries(contract.fields).flatMap(([name, { contract: below }]) =>
    listsOf(below, at === '' ? name : `${at}.${name}`),
  );
}
