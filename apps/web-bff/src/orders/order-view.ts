import { indexBy } from '@facet/aggregation';
import { image, type Product } from '@facet/shop-catalog';
import { stockStatus, type StockLevel } from '@facet/shop-inventory';
import { order, orderLine, type Order } from '@facet/shop-orders';
import { z } from 'zod';

/** An order, each line with the product's picture and whether it can be had again. */
export const orderView = order
  .extend({
    lines: z.array(orderLine.extend({ picture: image.optional(), stock: stockStatus.optional() })),
  })
  .meta({ title: 'OrderView' });

/** What is joined to the lines of orders; undefined where it is missing. */
export interface Joined {
  readonly products: { readonly items: readonly Pick<Product, 'id' | 'images'>[] } | undefined;
  readonly stock: { readonly items: readonly Pick<StockLevel, 'id' | 'status'>[] } | undefined;
}

export function productIdsOf(orders: readonly Pick<Order, 'lines'>[]): string[] {
  return [...new Set(orders.flatMap(({ lines }) => lines.map(({ productId }) => productId)))];
}

/** Makes a view of each order; the joined parts are indexed once. */
export function viewWith({ products, stock }: Joined): (order: Order) => z.input<typeof orderView> {
  const productOf = indexBy(products?.items, 'id');
  const stockOf = indexBy(stock?.items, 'id');
  return ({ lines, ...rest }) => ({
    ...rest,
    lines: lines.map((line) => ({
      ...line,
      picture: productOf.get(line.productId)?.images[0],
      stock: stockOf.get(line.productId)?.status,
    })),
  });
}
