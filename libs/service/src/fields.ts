import { pickerOf, type Picker, type PickerOptions } from '@facet/contracts';

/** Callers ask for the same few things again and again; of a caller that asks for ever new ones none is kept. */
const KEPT = 1_024;
const LONGEST_KEPT = 4_096;
/** Characters of a path: no contract has longer ones. */
const LONGEST_PATH = 512;

const kept = new Map<string, Picker>();

/**
 * What is left of an answer when only what was asked for is kept: the fields under some paths (`items.price.amount`; all
 * where none is named), and the first items of one list. A path that is none is ignored, as one is to what is not there.
 */
export function pickAsked(value: unknown, { fields = [], first }: PickerOptions): unknown {
  if (fields.length === 0 && first === undefined) return value;
  return pickerFor({ ...(fields.length > 0 && { fields }), ...(first && { first }) })(value);
}

function pickerFor(asked: PickerOptions): Picker {
  const key = keyOf(asked);
  let pick = kept.get(key);
  if (pick === undefined) {
    pick = pickerOf(bounded(asked));
    if (kept.size < KEPT && key.length <= LONGEST_KEPT) kept.set(key, pick);
  }
  return pick;
}

/** A path is a caller's text: one with thousands of names in it is ignored before anybody walks them. */
function bounded({ fields, first }: PickerOptions): PickerOptions {
  return {
    ...(fields && { fields: fields.filter(({ length }) => length <= LONGEST_PATH) }),
    ...(first && first.list.length <= LONGEST_PATH && { first }),
  };
}

/** A path is a caller's text and may have the separator in it: it is told apart by its length. */
function keyOf({ fields = [], first }: PickerOptions): string {
  let key = first === undefined ? '' : `${first.count} ${first.list.length} ${first.list}`;
  for (const field of fields) key += `,${field.length} ${field}`;
  return key;
}
