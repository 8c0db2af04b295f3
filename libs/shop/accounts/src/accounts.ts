import { customerId, id, query, service, text } from '@facet/contracts';
import { z } from 'zod';
import { apiKeyOperations } from './api-keys.js';

export const addressId = id('address', { owner: 'customer' });

export const address = z
  .strictObject({
    id: addressId,
    label: text(100),
    recipient: text(200),
    street: text(200),
    postalCode: text(20),
    city: text(100),
    /** ISO 3166-1 alpha-2. */
    country: z.string().regex(/^[A-Z]{2}$/, 'two capital letters'),
  })
  .meta({ title: 'Address' });

export const customer = z
  .strictObject({
    id: customerId,
    name: z.string(),
    email: z.email(),
    locale: z.string(),
    addresses: z.array(address),
  })
  .meta({ title: 'Customer' });

export const accounts = service('accounts', {
  customer: query({
    summary: 'One customer with addresses',
    access: { owner: 'id' },
    input: z.strictObject({ id: customerId }),
    output: customer,
    freshness: { ttlMs: 30_000, perCaller: true },
    errors: { 'accounts.customer-not-found': 404 },
  }),
  customersByIds: query({
    summary: 'Customers by their ids',
    access: { roles: ['operator'], owner: { anybody: 'operators look after all customers' } },
    input: z.strictObject({ ids: z.array(customerId).min(1).max(100) }),
    output: z.strictObject({ items: z.array(customer) }),
    byIds: { ids: 'ids', items: 'items', key: 'id', max: 100 },
    freshness: { ttlMs: 30_000, perCaller: true },
  }),
  ...apiKeyOperations,
});
