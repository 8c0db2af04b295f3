import { product, type Product } from '@facet/shop-catalog';
import { stockStatus, type StockLevel } from '@facet/shop-inventory';
import { z } from 'zod';

/** A product with all its text and pictures, and whether it can be had. */
export const tile = z
  .strictObject({
    ...product.shape,
    stock: z.strictObject({ status: stockStatus, available: z.int() }).optional(),
  })
  .meta({ title: 'Tile' });

export function toTile(
  from: Product,
  stock?: Pick<StockLevel, 'status' | 'available'>,
): z.input<typeof tile> {
  return { ...from, stock: stock && { status: stock.status, available: stock.available } };
}
