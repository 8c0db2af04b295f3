class Tree extends Map<string, Tree> {}

/** An empty tree stands for "all of it". */
function treeOf(paths: readonly string[]): Tree {
  const root = new Tree();
  for (const path of paths) {
    let at = root;
    const steps = path.split('.');
    for (const [index, step] of steps.entries()) {
      const known = at.get(step);
      if (known?.size === 0) break;
      const isLast = index === steps.length - 1;
      const next = known === undefined || isLast ? new Tree() : known;
      at.set(step, next);
      at = next;
    }
  }
  return root;
}

/**
 * What is left of an answer when only the fields under `paths` (`items.price.amount`) are kept. Lists are walked
 * through, unknown paths are ignored, and a path to an object keeps all of it.
 */
export function pickFields(value: unknown, paths: readonly string[]): unknown {
  return pick(value, treeOf(paths));
}

function pick(value: unknown, tree: Tree): unknown {
  if (tree.size === 0 || typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map((item: unknown) => pick(item, tree));
  const source = value as Record<string, unknown>;
  const kept: Record<string, unknown> = {};
  for (const [name, below] of tree) {
    if (Object.hasOwn(source, name)) kept[name] = pick(source[name], below);
  }
  return kept;
}
