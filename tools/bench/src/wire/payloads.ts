/** About 290 bytes of JSON, the size of a call by id with a caller's context. */
export const body290 = {
  id: 'p-000123',
  title: 'A kettle that whistles at the right moment',
  price: { amount: 4_990, currency: 'EUR' },
  tags: ['kitchen', 'steel', 'induction', 'one litre'],
  rating: { average: 4.6, count: 312 },
  summary: 'Brushed steel, a handle that stays cool, and a spout that pours without a drip.',
};

/** About 20 KB of JSON, the size of a page of products. */
export const body20k = {
  items: Array.from({ length: 66 }, (_, index) => ({
    ...body290,
    id: `p-${String(index).padStart(6, '0')}`,
  })),
};
