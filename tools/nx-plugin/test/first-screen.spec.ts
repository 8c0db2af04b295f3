import { beforeAll, expect, jest, test } from '@jest/globals';
import { planOf } from '../src/aggregation/plan.js';
import { firstParts } from '../src/aggregation/wanted.js';
import { contractsOf, type Contracts } from '../src/workspace.js';
import { workspaceTree, describeSamples } from './tree.js';

jest.setTimeout(120_000);

let contracts: Contracts;
beforeAll(async () => {
  contracts = await contractsOf(await workspaceTree());
});

const planFor = (...services: string[]) => planOf(firstParts(contracts, services));
const partsFor = (...services: string[]) =>
  planFor(...services).parts.map(({ operation }) => operation.pattern);

describeSamples('a first screen', () => {
  test('asks an operation of each service that can be asked without a question', () => {
    expect(partsFor('catalog', 'inventory', 'recommendations')).toEqual([
      'catalog.featured',
      'inventory.levels',
      'recommendations.popular',
    ]);
  });

  test('lists a customer’s orders rather than messages that were not delivered', () => {
    expect(partsFor('orders')).toEqual(['orders.list']);
    expect(partsFor('catalog', 'orders')).toEqual(['catalog.featured', 'orders.list']);
  });

  test('can be called over all services: a part that may be missing gives no ids', () => {
    const { parts, fields } = planFor(...Object.keys(contracts));
    expect(fields).toEqual([]);
    const levels = parts.find(({ operation }) => operation.pattern === 'inventory.levels');
    expect(levels?.needs).toEqual(['popular']);
  });

  test('has no part of a service that is asked by ids which nobody gives', () => {
    expect(partsFor('accounts', 'catalog', 'inventory')).toEqual(['accounts.customer', 'catalog.featured']);
  });
});
