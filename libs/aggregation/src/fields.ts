/** The paths of a value that may be asked for, arrays passed through: `items.price.amount`. */
export type PathOf<T> = T extends string | number
  ? never
  : T extends readonly (infer Element)[]
    ? PathOf<Element>
    : T extends object
      ? { [K in keyof T & string]: K | `${K}.${PathOf<T[K]>}` }[keyof T & string]
      : never;

/** The paths of a value that lead to a list. */
export type ListPathOf<T> = T extends string | number
  ? never
  : T extends readonly (infer Element)[]
    ? ListPathOf<Element>
    : T extends object
      ? {
          [K in keyof T & string]:
            (NonNullable<T[K]> extends readonly unknown[] ? K : never) | `${K}.${ListPathOf<T[K]>}`;
        }[keyof T & string]
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
