import { query, service } from '@facet/contracts';
import { z } from 'zod';

const row = z.strictObject({
  id: z.string(),
  title: z.string(),
  note: z.string(),
  price: z.strictObject({ amount: z.int(), currency: z.string() }),
  tags: z.array(z.string()),
});

const rows = z.strictObject({ items: z.array(row) });
const input = z.strictObject({ id: z.string() });

/** Four queries whose answers have about 0.4, 8, 3 and 2 KB: what one screen needs. */
export const bench = service('bench', {
  profile: query({ summary: '0.4 KB', input, output: rows }),
  products: query({ summary: '8 KB', input, output: rows }),
  offers: query({ summary: '3 KB', input, output: rows }),
  news: query({ summary: '2 KB', input, output: rows }),
});

const makeRows = (count: number): z.infer<typeof rows> => ({
  items: Array.from({ length: count }, (_, index) => ({
    id: `r-${String(index).padStart(4, '0')}`,
    title: `The ${String(index)}th of these things`,
    note: 'A sentence or two that a rich screen shows and a small one leaves out, as long as such sentences are.',
    price: { amount: 1_000 + index, currency: 'EUR' },
    tags: ['new', 'reduced', 'in stock'],
  })),
});

/** What the services answer, by the operation's name. */
export const answers = {
  profile: makeRows(2),
  products: makeRows(34),
  offers: makeRows(13),
  news: makeRows(8),
} as const;
