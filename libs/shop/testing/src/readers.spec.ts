import type { Operation } from '@facet/contracts';
import { compileReader } from '@facet/reader';
import { accounts } from '@facet/shop-accounts';
import { catalog } from '@facet/shop-catalog';
import { inventory } from '@facet/shop-inventory';
import { orders } from '@facet/shop-orders';
import { payments } from '@facet/shop-payments';
import { recommendations } from '@facet/shop-recommendations';
import { reviews } from '@facet/shop-reviews';
import { expect, test } from '@jest/globals';
import {
  sampleCategory,
  sampleOrder,
  sampleProduct,
  sampleRecommendations,
  sampleReviews,
  sampleStock,
} from './index.js';

const operations: readonly Operation[] = [
  accounts,
  catalog,
  inventory,
  orders,
  payments,
  recommendations,
  reviews,
].flatMap((contract) => Object.values(contract) as Operation[]);

test('answers of the sample shop are read from their bytes, but for those with a signing key, which is one of two', () => {
  const descriptions = operations.map((operation) => compileReader({ operation }).description);
  const leftToZod = descriptions.filter(({ way }) => way === 'zod');
  expect(descriptions.length).toBeGreaterThan(35);
  expect(leftToZod.map(({ operation }) => operation).sort()).toEqual([
    'accounts.apiKeyByHash',
    'accounts.apiKeys',
    'accounts.issueApiKey',
    'accounts.revokeApiKey',
    'accounts.rotateApiKey',
  ]);
  for (const { field, reason } of leftToZod.flatMap((each) => each.leftToZod)) {
    expect([field.endsWith('signingKey'), reason]).toEqual([true, 'a union']);
  }
});

const answers: readonly (readonly [Operation, unknown])[] = [
  [catalog.product, sampleProduct('p-1')],
  [
    catalog.products,
    { items: [sampleProduct('p-1'), sampleProduct('p-2')], page: 1, pageSize: 20, total: 2 },
  ],
  [catalog.categories, { items: [sampleCategory('lamps')] }],
  [reviews.ofProduct, sampleReviews('p-1')],
  [inventory.levels, { items: [sampleStock('p-1')] }],
  [recommendations.related, sampleRecommendations('p-1', 'p-2')],
  [orders.order, sampleOrder('o-1', 'p-1', 'p-2')],
];

test.each(answers.map(([operation, answer]) => [operation.pattern, operation, answer] as const))(
  '%s is read as its schema reads it',
  (_, operation, answer) => {
    const surplus = { _v: 1, ...(answer as object), __typename: 'x' };
    const [value, text] = [compileReader({ operation }), compileReader({ operation, opaque: true })];
    for (const body of [answer, surplus, answer].map((each) => Buffer.from(JSON.stringify(each)))) {
      expect(value.read(body)).toEqual(operation.output.parse(answer));
      expect(text.read(body)).toBe(JSON.stringify(answer));
    }
  },
);
