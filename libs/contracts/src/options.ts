/** The numbers that an option may have, both ends among them. */
export interface Range {
  readonly min: number;
  readonly max?: number;
  /** Only whole numbers. */
  readonly integer?: boolean;
}

/** The longest time that a timer of Node takes, in ms. */
const MAX_MS = 2 ** 31 - 1;

/** A time in ms that may be none at all. */
export const MS: Range = { min: 0, max: MAX_MS };
/** A time in ms that must be some. */
export const POSITIVE_MS: Range = { min: 1, max: MAX_MS };
export const SHARE: Range = { min: 0, max: 1 };
export const COUNT: Range = { min: 0, integer: true };
export const POSITIVE_COUNT: Range = { min: 1, integer: true };

/** The range of each option of a group, by its name. */
export type Ranges<T> = { readonly [K in keyof T]: Range };

/** A number within `range`. Throws a RangeError that names the option and what it got. */
export function checkNumber(name: string, value: unknown, range: Range): number {
  const { min, max = Number.MAX_SAFE_INTEGER, integer = false } = range;
  const isWithin = typeof value === 'number' && value >= min && value <= max;
  if (isWithin && (!integer || Number.isInteger(value))) return value;
  const upTo = range.max === undefined || max === Infinity ? '' : ` to ${max}`;
  const number = integer ? 'a whole number' : 'a number';
  const got = typeof value === 'string' ? JSON.stringify(value) : String(value);
  throw new RangeError(`${name}: got ${got}, expected ${number} from ${min}${upTo}`);
}

/** Throws a RangeError that names an option which does not exist, and a group that is no object of options. */
export function checkNames(group: string, given: object, known: readonly string[]): void {
  if (typeof given !== 'object' || given === null || Array.isArray(given)) {
    throw new RangeError(
      `${group}: got ${JSON.stringify(given)}, expected an object with ${known.join(', ')}`,
    );
  }
  const unknown = Object.keys(given).find((name) => !known.includes(name));
  if (unknown === undefined) return;
  throw new RangeError(`${group}.${unknown}: no such option; there are ${known.join(', ')}`);
}

/** A group of numeric options: what each is where it is left out, and what it may be. */
export interface NumericOptions<T> {
  readonly defaults: T;
  readonly ranges: Ranges<T>;
}

/** `given` over the defaults, each checked against its range. Undefined counts as not given. */
export function withDefaults<T extends object>(
  group: string,
  { defaults, ranges }: NumericOptions<T>,
  given: Partial<T> | undefined,
): T {
  if (given !== undefined) checkNames(group, given, Object.keys(defaults));
  const merged = { ...defaults };
  for (const name of Object.keys(defaults) as (keyof T & string)[]) {
    const value = given?.[name] ?? defaults[name];
    Object.assign(merged, { [name]: checkNumber(`${group}.${name}`, value, ranges[name]) });
  }
  return merged;
}
