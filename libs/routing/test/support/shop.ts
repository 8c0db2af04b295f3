import { command, id, query, service } from '@facet/contracts';
import { z } from 'zod';

const itemId = id('item', { owner: 'nobody', schema: z.string().min(1) });

/** A small contract that the specs' services implement. */
export const shop = service('shop', {
  item: query({
    summary: 'One item',
    input: z.strictObject({ id: itemId, delayMs: z.int().min(0).default(0) }),
    output: z.strictObject({
      id: z.string(),
      title: z.string(),
      price: z.strictObject({ amount: z.int(), currency: z.string() }),
      tags: z.array(z.strictObject({ name: z.string(), weight: z.number() })),
    }),
    errors: { 'shop.unknown-item': 404 },
  }),
  fail: query({
    summary: 'Fails as it is told to',
    input: z.strictObject({
      with: z.enum(['fault', 'text', 'status', 'server-error', 'bare', 'shape', 'more']),
    }),
    output: z.strictObject({ id: z.string() }),
  }),
  count: command({
    summary: 'Counts once for each call',
    input: z.strictObject({ key: z.string(), delayMs: z.int().min(0).default(0) }),
    output: z.strictObject({ by: z.string() }),
  }),
  missing: query({
    summary: 'What no service implements',
    input: z.strictObject({}),
    output: z.strictObject({}),
  }),
});

export const itemOf = (id: string) => ({
  id,
  title: `Item “${id}” – größer`,
  price: { amount: 1999, currency: 'EUR' },
  tags: [
    { name: 'new', weight: 0.5 },
    { name: 'sale', weight: 1 },
  ],
});
