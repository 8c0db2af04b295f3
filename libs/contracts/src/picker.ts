/** Takes what is read of a value, and never changes the value itself, which others may share. */
export type Picker = (value: unknown) => unknown;

export interface PickerOptions {
  /** The paths that are read, lists passed through (`items.price.amount`); all fields where absent. */
  readonly fields?: readonly string[];
  /** The list of which only the first `count` items are read, by its path. */
  readonly first?: { readonly list: string; readonly count: number };
}

/**
 * A picker, made once for many values. A value that has no more than what is read is given as it is. `__proto__` is no
 * field of anything: it is never taken.
 */
export function pickerOf({ fields, first }: PickerOptions): Picker {
  const taken = fields === undefined ? ALL : treeOf(fields);
  const node = first === undefined ? taken : limited(taken, first.list.split('.'), first.count);
  return node === ALL ? (value) => value : (value) => pick(value, node);
}

/** What is taken of a value, or of each item of a list. */
interface Node {
  readonly fields: ReadonlyMap<string, Node>;
  /** Whether fields that are not named are taken too, as they are. */
  readonly others: boolean;
  /** The most items of a list. */
  readonly first: number;
}

const ALL: Node = { fields: new Map(), others: true, first: Infinity };

function treeOf(paths: readonly string[]): Node {
  const fields = new Map<string, Node>();
  const below = new Map<string, string[]>();
  for (const path of paths) {
    const [head = '', ...rest] = path.split('.');
    if (head === '__proto__' || rest.includes('__proto__')) continue;
    if (rest.length === 0) fields.set(head, ALL);
    else below.set(head, [...(below.get(head) ?? []), rest.join('.')]);
  }
  for (const [head, rest] of below) if (!fields.has(head)) fields.set(head, treeOf(rest));
  return { fields, others: false, first: Infinity };
}

/** The same with one list no longer than `count`. A list that is not read at all stays out. */
function limited(node: Node, [head, ...rest]: readonly string[], count: number): Node {
  if (head === undefined) return { ...node, first: count };
  const below = node.fields.get(head) ?? (node.others ? ALL : undefined);
  if (below === undefined) return node;
  return { ...node, fields: new Map(node.fields).set(head, limited(below, rest, count)) };
}

function pick(value: unknown, node: Node, first = node.first): unknown {
  if (isPicked(value, node, first)) return value;
  if (Array.isArray(value)) return value.slice(0, first).map((item) => pick(item, node, Infinity));
  const source = value as Record<string, unknown>;
  const taken: Record<string, unknown> = {};
  for (const key of node.others ? Object.keys(source) : node.fields.keys()) {
    if (key === '__proto__' || !Object.hasOwn(source, key)) continue;
    const below = node.fields.get(key);
    taken[key] = below === undefined || below === ALL ? source[key] : pick(source[key], below);
  }
  return taken;
}

/** Whether there is nothing to cut off: mostly so, as a service sends what was asked for and no more. */
function isPicked(value: unknown, node: Node, first: number): boolean {
  if (node === ALL || typeof value !== 'object' || value === null) return true;
  if (Array.isArray(value)) {
    if (value.length > first) return false;
    return isTakenWhole(node) || value.every((item) => isPicked(item, node, Infinity));
  }
  for (const key in value) {
    const below = node.fields.get(key);
    if (below === undefined ? !node.others || key === '__proto__' : !isBelowPicked(value, key, below))
      return false;
  }
  return true;
}

function isTakenWhole({ fields, others }: Node): boolean {
  return others && fields.size === 0;
}

function isBelowPicked(value: object, key: string, below: Node): boolean {
  return isPicked((value as Record<string, unknown>)[key], below, below.first);
}
