import { beforeAll, expect, jest, test } from '@jest/globals';
import { planOf } from '../src/aggregation/plan.js';
import { firstParts, wantedParts } from '../src/aggregation/wanted.js';
import { contractsOf, type Contracts } from '../src/workspace.js';
import { workspaceTree, describeSamples } from './tree.js';

jest.setTimeout(120_000);

let contracts: Contracts;
beforeAll(async () => {
  contracts = await contractsOf(await workspaceTree());
});

const planFor = (parts: string) => planOf(wantedParts(contracts, parts));

describeSamples('the parts of an aggregation', () => {
  test.each([
    ['one twice', 'catalog.featured,catalog.featured', 'catalog.featured is there twice'],
    ['one twice, optional too', 'catalog.featured,catalog.featured?', 'catalog.featured is there twice'],
    ['what every object has', 'catalog.toString', 'catalog has no operation "toString"; its queries are '],
    ['what every object is made by', 'constructor.name', 'there is no service "constructor"; there are '],
    [
      'a question mark in the middle',
      'catalog?.featured',
      '"catalog?.featured" has a question mark that is not at',
    ],
    ['two question marks', 'catalog.featured??', '"catalog.featured??" has a question mark that is not at'],
  ])('are not %s', (_, parts, message) => {
    expect(() => planFor(parts)).toThrow(message);
  });

  test('are not of what every object has on a first screen either', () => {
    expect(() => firstParts(contracts, ['constructor'])).toThrow('there is no service "constructor"');
  });
});

describeSamples('what the caller is asked for', () => {
  const inputsFor = (parts: string) => planFor(parts).parts.map(({ input }) => input);
  const fieldsFor = (parts: string) =>
    planFor(parts).fields.map(({ name, service, schema }) => `${name}: ${service}.${schema}`);

  test('are two ids where two operations mean their own', () => {
    const parts = 'orders.order,payments.payment?';
    expect(fieldsFor(parts)).toEqual([
      'orderId: orders.order.input.shape.id',
      'paymentId: payments.payment.input.shape.id',
    ]);
    expect(inputsFor(parts)).toEqual([
      '({ input, caller }) => ({ id: input.orderId, customerId: ownCustomer(caller) })',
      '({ input, caller }) => ({ id: input.paymentId, customerId: ownCustomer(caller) })',
    ]);
  });

  test('is one id where it says of what', () => {
    const parts = 'reviews.ofProduct,recommendations.related?';
    expect(fieldsFor(parts)).toEqual(['productId: reviews.ofProduct.input.shape.productId']);
    expect(inputsFor(parts)).toEqual(Array(2).fill('({ input }) => ({ productId: input.productId })'));
  });

  test('is called as it is where one operation alone asks for it', () => {
    expect(fieldsFor('catalog.product,inventory.levels?')).toEqual(['id: catalog.product.input.shape.id']);
    expect(fieldsFor('inventory.levels')).toEqual(['ids: inventory.levels.input.shape.ids']);
  });

  test('is one id for one thing, whatever each operation calls it, and a list is of that one', () => {
    const parts = 'catalog.product,reviews.ofProduct?,inventory.levels?,recommendations.related?';
    expect(fieldsFor(parts)).toEqual(['productId: catalog.product.input.shape.id']);
    expect(inputsFor(parts)).toEqual([
      '({ input }) => ({ id: input.productId })',
      '({ input }) => ({ productId: input.productId })',
      '({ input }) => ({ ids: [input.productId] })',
      '({ input }) => ({ productId: input.productId })',
    ]);
  });

  test('is never answered with the ids of another thing', () => {
    const ofOthers = planFor('orders.list,catalog.productsByIds?');
    expect(ofOthers.parts.map(({ needs }) => needs)).toEqual([[], []]);
    expect(ofOthers.fields.map(({ name }) => name)).toEqual(['ids']);
    const ofProducts = planFor('recommendations.popular,catalog.productsByIds?');
    expect(ofProducts.parts.map(({ needs }) => needs)).toEqual([[], ['popular']]);
    const ofReviews = planFor('reviews.ofProduct,catalog.productsByIds?');
    expect(ofReviews.parts[1]?.input).toContain('ofProduct.items.map((item) => item.productId)');
  });
});
