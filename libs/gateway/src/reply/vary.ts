/** The request headers that an answer may depend on, as flags. */
export const varies = { origin: 1, accept: 2, caller: 4, encoding: 8 } as const;

const NAMES: readonly (readonly [flag: number, names: string])[] = [
  [varies.origin, 'Origin'],
  [varies.accept, 'Accept'],
  [varies.caller, 'Authorization, Cookie'],
  [varies.encoding, 'Accept-Encoding'],
];

const ALL = varies.origin | varies.accept | varies.caller | varies.encoding;

/** The value of `Vary` for each set of flags. */
export const varyTexts: readonly string[] = Array.from({ length: ALL + 1 }, (_, flags) =>
  NAMES.filter(([flag]) => (flags & flag) !== 0)
    .map(([, names]) => names)
    .join(', '),
);

/** A `Vary` with the names of both; each name once. */
export function mergedVary(one: string, other: string): string {
  const known = new Set<string>();
  return [one, other]
    .flatMap((text) => text.split(/\s*,\s*/))
    .filter((name) => {
      const key = name.toLowerCase();
      if (key === '' || known.has(key)) return false;
      known.add(key);
      return true;
    })
    .join(', ');
}
