import { Fault, type FieldFault } from '@facet/platform';
import type { Available } from './availability.js';

export interface Wish {
  readonly productId: string;
  readonly quantity: number;
}

export interface Allocation extends Wish {
  readonly warehouse: string;
}

/**
 * Decides from which warehouse each wish is met: from a single one where one has enough, the fullest first.
 *
 * @throws Fault `inventory.product-not-found` (404) or `inventory.insufficient-stock` (409), naming the lines
 */
export function allocate(wishes: readonly Wish[], available: readonly Available[]): Allocation[] {
  const left = available.map((place) => ({ ...place }));
  const missing: FieldFault[] = [];
  const allocations = wishes.flatMap(({ productId, quantity }, index) => {
    const places = left.filter((place) => place.productId === productId);
    if (places.length === 0) throw unknown(index);
    const total = places.reduce((sum, place) => sum + place.available, 0);
    if (total < quantity)
      missing.push({ field: `lines.${index}.quantity`, message: `only ${total} are available` });
    return take(places, quantity).map(([warehouse, taken]) => ({ productId, warehouse, quantity: taken }));
  });
  if (missing.length === 0) return merge(allocations);
  throw new Fault('inventory.insufficient-stock', 409, 'there is not enough in stock', { fields: missing });
}

function take(places: { code: string; available: number }[], quantity: number): [string, number][] {
  const fullestFirst = places.sort((a, b) => b.available - a.available);
  const taken: [string, number][] = [];
  let open = quantity;
  for (const place of fullestFirst) {
    const here = Math.min(open, place.available);
    if (here <= 0) break;
    place.available -= here;
    open -= here;
    taken.push([place.code, here]);
  }
  return taken;
}

/** A product that is named on two lines is put aside as one. */
function merge(allocations: readonly Allocation[]): Allocation[] {
  const merged = new Map<string, Allocation>();
  for (const each of allocations) {
    const key = `${each.productId} ${each.warehouse}`;
    const known = merged.get(key);
    merged.set(key, { ...each, quantity: each.quantity + (known?.quantity ?? 0) });
  }
  return [...merged.values()];
}

function unknown(index: number): Fault {
  return new Fault('inventory.product-not-found', 404, 'there is no stock of such a product', {
    fields: [{ field: `lines.${index}.productId`, message: 'is not known' }],
  });
}
