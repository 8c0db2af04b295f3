type Tree = Map<string, Tree | 'whole'>;

/** Cuts a value down to some of its fields. What it leaves out does not exist in the copy. */
export type Pick = (value: unknown) => unknown;

const compiled = new WeakMap<readonly string[], Pick>();

/**
 * A function that keeps only `paths` of a value: `['items.id', 'items.price.amount']`. Lists are gone through, so
 * that a path never names an index; a path that ends at an object keeps all of it. A list of paths is compiled once.
 */
export function pick(paths: readonly string[]): Pick {
  const known = compiled.get(paths);
  if (known !== undefined) return known;
  const tree = treeOf(paths);
  const cut: Pick = (value) => cutTo(tree, value);
  compiled.set(paths, cut);
  return cut;
}

function treeOf(paths: readonly string[]): Tree {
  const root: Tree = new Map();
  for (const path of paths) {
    const names = path.split('.');
    if (names.includes('') || names.includes('__proto__'))
      throw new RangeError(`fields: got "${path}", expected names with dots between them`);
    addPath(root, names);
  }
  return root;
}

/** A path that is covered by a shorter one adds nothing; a shorter one takes the place of those it covers. */
function addPath(tree: Tree, [name = '', ...rest]: readonly string[]): void {
  const below = tree.get(name);
  if (below === 'whole') return;
  if (rest.length === 0) {
    tree.set(name, 'whole');
    return;
  }
  const deeper = below ?? (new Map() as Tree);
  tree.set(name, deeper);
  addPath(deeper, rest);
}

function cutTo(tree: Tree, value: unknown): unknown {
  if (Array.isArray(value)) return value.map((each) => cutTo(tree, each));
  if (typeof value !== 'object' || value === null) return value;
  const kept: Record<string, unknown> = {};
  for (const [name, below] of tree) {
    if (!Object.hasOwn(value, name)) continue;
    const field = (value as Record<string, unknown>)[name];
    kept[name] = below === 'whole' ? field : cutTo(below, field);
  }
  return kept;
}
