import { pickerOf, type Picker } from '@facet/contracts';

/** Callers ask for the same few lists of fields again and again; of a caller that asks for ever new ones none is kept. */
const KEPT = 1_024;

interface Kept {
  readonly paths: readonly string[];
  readonly pick: Picker;
}

const kept = new Map<string, Kept>();

/**
 * What is left of an answer when only the fields under `paths` (`items.price.amount`) are kept: all of it where a caller
 * named none. A path that is none is ignored, as one is to what is not there.
 */
export function pickFields(value: unknown, paths: readonly string[]): unknown {
  return paths.length === 0 ? value : pickerFor(paths)(value);
}

function pickerFor(paths: readonly string[]): Picker {
  const key = paths.join();
  const known = kept.get(key);
  if (known !== undefined && isSame(known.paths, paths)) return known.pick;
  const pick = pickerOf({ fields: paths });
  if (kept.size < KEPT) kept.set(key, { paths, pick });
  return pick;
}

/** A path is a caller's text and may have the separator in it. */
function isSame(one: readonly string[], other: readonly string[]): boolean {
  return one.length === other.length && one.every((path, index) => path === other[index]);
}
