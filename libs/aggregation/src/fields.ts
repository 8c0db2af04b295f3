/** The paths of a value that may be asked for, arrays passed through: `items.price.amount`. */
export type PathOf<T> = T extends string | number
  ? never
  : T extends readonly (infer Element)[]
    ? PathOf<Element>
    : T extends object
      ? { [K in keyof T & string]: K | `${K}.${PathOf<T[K]>}` }[keyof T & string]
      : never;

type Head<Path extends string> = Path extends `${infer First}.${string}` ? First : Path;
type Tail<Path extends string, Key> = Path extends `${Key & string}.${infer Rest}` ? Rest : never;

/** What is left of a value when only some paths are asked for. */
export type PickOf<T, Path extends string> = T extends string | number
  ? T
  : T extends readonly (infer Element)[]
    ? PickOf<Element, Path>[]
    : T extends object
      ? {
          [K in keyof T as K extends Head<Path> ? K : never]: K extends Path
            ? T[K]
            : PickOf<T[K], Tail<Path, K>>;
        }
      : T;

/** Paths as a tree; `true` takes everything below. */
export type Selection = true | ReadonlyMap<string, Selection>;

/** `__proto__` is no field of anything. */
export function selectionOf(fields: readonly string[] | undefined): Selection {
  if (fields === undefined) return true;
  const heads = new Map<string, string[]>();
  const whole = new Set<string>();
  for (const field of fields) {
    if (field.split('.').includes('__proto__')) continue;
    const dot = field.indexOf('.');
    if (dot === -1) whole.add(field);
    else heads.set(field.slice(0, dot), [...(heads.get(field.slice(0, dot)) ?? []), field.slice(dot + 1)]);
  }
  const below = [...heads].map(([head, rest]) => [head, selectionOf(rest)] as const);
  return new Map<string, Selection>([...below, ...[...whole].map((field) => [field, true] as const)]);
}

/** Cuts a value down to a selection. Never changes the value itself, which other parts may share. */
export function pick(value: unknown, selection: Selection): unknown {
  if (selection === true || typeof value !== 'object' || value === null || isCut(value, selection))
    return value;
  if (Array.isArray(value)) return value.map((element) => pick(element, selection));
  const source = value as Record<string, unknown>;
  const taken: Record<string, unknown> = {};
  for (const [key, below] of selection) {
    if (Object.hasOwn(source, key)) taken[key] = below === true ? source[key] : pick(source[key], below);
  }
  return taken;
}

/** Whether there is nothing to cut off: mostly so, as services of ours send what was asked for and no more. */
function isCut(value: unknown, selection: Selection): boolean {
  if (selection === true || typeof value !== 'object' || value === null) return true;
  if (Array.isArray(value)) return value.every((element) => isCut(element, selection));
  for (const key in value) {
    const below = selection.get(key);
    if (below === undefined || !isCut((value as Record<string, unknown>)[key], below)) return false;
  }
  return true;
}
