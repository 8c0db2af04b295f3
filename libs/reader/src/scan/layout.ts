import type { Node, ObjectNode } from '../contract/model.js';

/** In which order a service writes keys: learnt from its answers, or assumed. Undefined where there are none. */
export interface Layout {
  /** Of an object. */
  readonly keys?: readonly KeyLayout[];
  /** Of a list: that of all its elements. */
  readonly element?: Layout | undefined;
}

export interface KeyLayout {
  readonly name: string;
  /** Whether every object so far had it. */
  readonly isAlways: boolean;
  /** Whether it was something else than the contract says, which is no harm where it is not read. */
  readonly isOdd: boolean;
  readonly below: Layout | undefined;
}

/** Keys of one object that the contract does not name; with more of them an order is not learnt. */
const MOST_UNKNOWN = 64;
/** Characters of such a key. */
const LONGEST_UNKNOWN = 128;

/** The order in which a contract names its fields; what is not read may be absent. */
export function assumedLayout(node: Node): Layout | undefined {
  if (node.kind === 'list') return { element: assumedLayout(node.element) };
  if (node.kind !== 'object') return undefined;
  const keys = [...node.fields].map(([name, { node: below, isRead }]) => ({
    name,
    isAlways: isRead,
    isOdd: false,
    below: assumedLayout(below),
  }));
  return { keys };
}

/** The order in an answer; undefined where it has several that contradict each other, or too many unknown keys. */
export function layoutOf(node: Node, value: unknown): Layout | 'unclear' | undefined {
  if (value === null) return undefined;
  if (node.kind === 'list' && Array.isArray(value)) return listLayout(node.element, value);
  if (node.kind !== 'object' || typeof value !== 'object' || Array.isArray(value)) return undefined;
  const keys: KeyLayout[] = [];
  for (const [name, field] of Object.entries(value)) {
    const known = node.fields.get(name);
    const isOdd = known !== undefined && !known.isRead && !fits(known.node, field);
    const below = known === undefined || isOdd ? undefined : layoutOf(known.node, field);
    if (below === 'unclear') return below;
    keys.push({ name, isAlways: true, isOdd, below });
  }
  return isTooMuch(node, keys) ? 'unclear' : { keys };
}

function listLayout(element: Node, values: readonly unknown[]): Layout | 'unclear' {
  let all: Layout | undefined;
  for (const value of values) {
    const layout = layoutOf(element, value);
    const merged = layout === 'unclear' ? layout : mergeLayouts(element, all, layout);
    if (merged === 'unclear') return merged;
    all = merged;
  }
  return { element: all };
}

/** One order that holds for both; `unclear` where they contradict each other. */
export function mergeLayouts(
  node: Node,
  one: Layout | undefined,
  other: Layout | undefined,
): Layout | 'unclear' | undefined {
  if (one === undefined || other === undefined) return one ?? other;
  if (node.kind === 'list') {
    const element = mergeLayouts(node.element, one.element, other.element);
    return element === 'unclear' ? element : { element };
  }
  if (node.kind !== 'object') return undefined;
  return mergeKeys(node, one.keys ?? [], other.keys ?? []);
}

function mergeKeys(
  node: ObjectNode,
  ours: readonly KeyLayout[],
  theirs: readonly KeyLayout[],
): Layout | 'unclear' {
  const merged: KeyLayout[] = ours.map((key) => ({ ...key, isAlways: false }));
  const places = new Map(ours.map((key) => [key.name, key]));
  let last = -1;
  for (const key of theirs) {
    const known = places.get(key.name);
    if (known === undefined) {
      merged.splice(++last, 0, { ...key, isAlways: false });
      continue;
    }
    const at = merged.findIndex(({ name }) => name === key.name);
    if (at < last) return 'unclear';
    const both = mergeKey(node.fields.get(key.name)?.node, known, key);
    if (both === 'unclear') return both;
    merged[at] = both;
    last = at;
  }
  return isTooMuch(node, merged) ? 'unclear' : { keys: merged };
}

function mergeKey(node: Node | undefined, one: KeyLayout, other: KeyLayout): KeyLayout | 'unclear' {
  const isOdd = one.isOdd || other.isOdd;
  const below = node === undefined || isOdd ? undefined : mergeLayouts(node, one.below, other.below);
  if (below === 'unclear') return below;
  return { name: one.name, isAlways: one.isAlways && other.isAlways, isOdd, below };
}

/** What a service makes us compile has bounds. */
function isTooMuch(node: ObjectNode, keys: readonly KeyLayout[]): boolean {
  const unknown = keys.filter(({ name }) => !node.fields.has(name));
  return unknown.length > MOST_UNKNOWN || unknown.some(({ name }) => name.length > LONGEST_UNKNOWN);
}

/** Whether a value that is not read is of the kind that it is walked as; what is inside is seen to there. */
function fits(node: Node, value: unknown): boolean {
  if (value === null) return node.isNullable === true || (node.kind === 'word' && node.values.includes(null));
  switch (node.kind) {
    case 'any':
      return true;
    case 'object':
      return typeof value === 'object' && !Array.isArray(value);
    case 'list':
      return Array.isArray(value) && value.every((each) => fits(node.element, each));
    case 'text':
      return typeof value === 'string';
    case 'number':
      return typeof value === 'number';
    case 'boolean':
      return typeof value === 'boolean';
    case 'word':
      return node.values.includes(value as never);
  }
}
