/** Paths (`items.price.amount`) as a tree; `true` takes everything below. */
export type FieldTree = true | ReadonlyMap<string, FieldTree>;

/**
 * The tree of `paths`: everything where there are none. Lists are gone through, so that a path never names an index. A
 * path that ends at an object takes all of it, whatever longer paths say. Throws a `RangeError` on what is no path:
 * an empty name, and `__proto__`, which is no field of anything.
 */
export function fieldTreeOf(paths: readonly string[] | undefined): FieldTree {
  if (paths === undefined) return true;
  const root: Tree = new Map();
  for (const path of paths) {
    const names = path.split('.');
    if (names.includes('') || names.includes('__proto__'))
      throw new RangeError(`fields: got "${path}", expected names with dots between them`);
    add(root, names);
  }
  return root;
}

type Tree = Map<string, Tree | true>;

function add(root: Tree, names: readonly string[]): void {
  let at = root;
  for (const [index, name] of names.entries()) {
    const known = at.get(name);
    if (known === true) return;
    if (index === names.length - 1) {
      at.set(name, true);
      return;
    }
    const below = known ?? (new Map() as Tree);
    at.set(name, below);
    at = below;
  }
}
