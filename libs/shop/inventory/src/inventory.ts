import { command, customerId, id, idempotencyKey, query, service, timestamp } from '@facet/contracts';
import { basket, productId } from '@facet/shop-catalog';
import { z } from 'zod';

/** `low`: fewer than 10 left over all warehouses. */
export const stockStatus = z.enum(['in-stock', 'low', 'out']);

/** Stock that is put aside for a customer. */
export const reservationId = id('reservation', { owner: 'customer' });

export const stockLevel = z
  .strictObject({
    /** The product's id. */
    id: productId,
    status: stockStatus,
    /** What can still be sold: on hand, less what is reserved. */
    available: z.int().nonnegative(),
    warehouses: z.array(
      z.strictObject({ code: z.string(), name: z.string(), available: z.int().nonnegative() }),
    ),
  })
  .meta({ title: 'StockLevel' });
export type StockLevel = z.infer<typeof stockLevel>;

const reservationNotFound = { 'inventory.reservation-not-found': 404 } as const;

export const inventory = service('inventory', {
  levels: query({
    summary: 'Stock of products by their ids, over all warehouses and in each',
    input: z.strictObject({ ids: z.array(productId).min(1).max(500) }),
    output: z.strictObject({ items: z.array(stockLevel) }),
    byIds: { ids: 'ids', items: 'items', key: 'id', max: 500 },
    freshness: { ttlMs: 5_000, staleWhileRevalidateMs: 10_000, tags: ['stock:{ids}'] },
  }),
  reserve: command({
    summary: 'Puts stock aside for an order; it falls back by itself when the reservation expires',
    access: { scopes: ['orders:write'], owner: 'customerId' },
    input: z.strictObject({
      idempotencyKey,
      customerId,
      lines: basket,
      ttlSeconds: z.int().min(1).max(3_600).default(300),
    }),
    output: z.strictObject({ reservationId, expiresAt: timestamp }),
    errors: { 'inventory.insufficient-stock': 409, 'inventory.product-not-found': 404 },
  }),
  commit: command({
    summary: 'Takes reserved stock out for good',
    access: { scopes: ['orders:write'], owner: 'customerId' },
    input: z.strictObject({ idempotencyKey, customerId, reservationId }),
    output: z.strictObject({ reservationId, status: z.literal('committed') }),
    errors: {
      ...reservationNotFound,
      'inventory.reservation-expired': 409,
      'inventory.reservation-released': 409,
    },
  }),
  release: command({
    summary: 'Gives reserved stock back; doing so twice, or after it expired, changes nothing',
    access: { scopes: ['orders:write'], owner: 'customerId' },
    input: z.strictObject({ idempotencyKey, customerId, reservationId }),
    output: z.strictObject({ reservationId, status: z.enum(['released', 'expired']) }),
    errors: { ...reservationNotFound, 'inventory.reservation-committed': 409 },
  }),
});
