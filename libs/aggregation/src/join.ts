/**
 * Items by one of their fields, to join one part with another in a shape: `const stockOf = indexBy(stock?.items, 'id')`,
 * then `stockOf.get(product.id)?.status`. A part that is missing gives an empty index.
 */
export function indexBy<Item, Key extends keyof Item>(
  items: readonly Item[] | undefined,
  key: Key,
): ReadonlyMap<Item[Key], Item> {
  return new Map(items?.map((item) => [item[key], item]));
}

/** The items of these ids, in their order; those that are not there are left out. */
export function lookup<Id, Item>(index: ReadonlyMap<Id, Item>, ids: readonly Id[]): Item[] {
  return ids.flatMap((id) => {
    const item = index.get(id);
    return item === undefined ? [] : [item];
  });
}
