import { indexBy } from '@facet/aggregation';
import { imageUrl } from '@facet/shop-catalog';
import { stockStatus, type StockLevel } from '@facet/shop-inventory';
import { order, orderLine, type Order } from '@facet/shop-orders';
import { z } from 'zod';
import { imageOf } from '../card.js';

const summary = { id: true, status: true, total: true, createdAt: true } as const;

/** What is read of an order for a list. */
export const orderFields = [
  'id',
  'status',
  'total',
  'createdAt',
  'lines.productId',
  'lines.quantity',
] as const;

const cardLine = orderLine
  .pick({ productId: true, quantity: true })
  .extend({ image: imageUrl.optional(), stock: stockStatus.optional() });

/** An order as a list on a phone shows it: its products by their pictures. */
export const orderCard = order.pick(summary).extend({ lines: z.array(cardLine) });

/** An order's screen. */
export const orderScreen = order
  .pick({ ...summary, reference: true, shippingAddress: true })
  .extend({ lines: z.array(cardLine.extend(orderLine.pick({ title: true, unitPrice: true }).shape)) });

/** What is joined to the lines of orders; undefined where it is missing. */
interface Joined {
  readonly products:
    { readonly items: readonly ({ readonly id: string } & Parameters<typeof imageOf>[0])[] } | undefined;
  readonly stock: { readonly items: readonly Pick<StockLevel, 'id' | 'status'>[] } | undefined;
}

type Line = Pick<Order['lines'][number], 'productId' | 'quantity'>;

export function productIdsOf(
  orders: readonly { readonly lines: readonly Pick<Line, 'productId'>[] }[],
): string[] {
  return [...new Set(orders.flatMap(({ lines }) => lines.map(({ productId }) => productId)))];
}

/** Adds picture and stock to a line; the joined parts are indexed once. */
export function lineWith({
  products,
  stock,
}: Joined): <L extends Line>(
  line: L,
) => L & { image?: string | undefined; stock?: StockLevel['status'] | undefined } {
  const productOf = indexBy(products?.items, 'id');
  const stockOf = indexBy(stock?.items, 'id');
  return (line) => {
    const product = productOf.get(line.productId);
    return {
      ...line,
      image: product && imageOf(product, 'thumb'),
      stock: stockOf.get(line.productId)?.status,
    };
  };
}
