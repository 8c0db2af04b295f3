import { id, query, service, type Freshness } from '@facet/contracts';
import { z } from 'zod';

const row = z.strictObject({
  id: z.string(),
  title: z.string(),
  note: z.string(),
  price: z.strictObject({ amount: z.int(), currency: z.string() }),
  tags: z.array(z.string()),
});

const rows = z.strictObject({ items: z.array(row) });
const input = z.strictObject({ id: id('screen', { owner: 'nobody', schema: z.string() }) });

/** Four queries whose answers have about 0.4, 8, 3 and 2 KB: what one screen needs. */
function contractOf(freshness?: Freshness) {
  const common = { input, output: rows, ...(freshness === undefined ? {} : { freshness }) };
  return service('bench', {
    profile: query({ summary: '0.4 KB', ...common }),
    products: query({ summary: '8 KB', ...common }),
    offers: query({ summary: '3 KB', ...common }),
    news: query({ summary: '2 KB', ...common }),
  });
}

/** Nothing of it may be cached: each request reaches the service. */
export const bench = contractOf();

/** All of it may be cached, for longer than a run takes. */
export const cacheableBench = contractOf({ ttlMs: 3_600_000 });

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

/** How many rows of each answer a small screen shows. */
export const shown = { profile: 2, products: 12, offers: 8, news: 5 } as const;

interface Priced {
  readonly id: string;
  readonly title: string;
  readonly price: { readonly amount: number; readonly currency: string };
}

/** A row as a screen shows it that writes prices as text: its shape has to look into the row. */
export const labelled = ({ id, title, price }: Priced) => ({
  id,
  title,
  price: `${(price.amount / 100).toFixed(2)} ${price.currency}`,
});
