/** Paths (`items.price.amount`) as a tree; `true` takes everything below. */
export type Selection = true | ReadonlyMap<string, Selection>;

/**
 * The tree of `paths`: everything where there are none. Lists are gone through, so that a path never names an index. A
 * path that ends at an object takes all of it, whatever longer paths say. Throws a `RangeError` on what is no path:
 * an empty name, and `__proto__`, which is no field of anything.
 */
export function selectionOf(paths: readonly string[] | undefined): Selection {
  if (paths === undefined) return true;
  const root: Tree = new Map();
  for (const path of paths) {
    const names = path.split('.');
    if (!names.every(isName))
      throw new RangeError(`fields: got "${path}", expected names with dots between them`);
    add(root, names);
  }
  return root;
}

/** Whether every name of a path may be the name of a field. */
export function isPath(path: string): boolean {
  return path.split('.').every(isName);
}

/**
 * What is left of a value when only a selection is kept. Never changes the value itself. Copies nothing that is not cut,
 * takes nothing from a prototype, and goes no deeper than the paths do and the lists in `value` are nested.
 */
export function pick(value: unknown, selection: Selection): unknown {
  if (selection === true || typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map((each: unknown) => pick(each, selection));
  const source = value as Record<string, unknown>;
  const kept: Record<string, unknown> = {};
  for (const [name, below] of selection) {
    if (Object.hasOwn(source, name)) kept[name] = below === true ? source[name] : pick(source[name], below);
  }
  return kept;
}

type Tree = Map<string, Tree | true>;

function isName(name: string): boolean {
  return name !== '' && name !== '__proto__';
}

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
