import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Tree } from '@nx/devkit';
import { beforeAll, expect, jest, test } from '@jest/globals';
import { idsWanted, sampleIds } from '../src/aggregation/ids-wanted.js';
import { planOf } from '../src/aggregation/plan.js';
import { wantedParts } from '../src/aggregation/wanted.js';
import { contractsOf, type Contracts } from '../src/workspace.js';
import { workspaceTree, written, describeSamples } from './tree.js';

jest.setTimeout(120_000);

const ACCESS = 'apps/mobile-bff/test/access.e2e.spec.ts';

let tree: Tree;
let contracts: Contracts;
beforeAll(async () => {
  tree = await workspaceTree();
  contracts = await contractsOf(tree);
});

const wanted = (parts: string, path: string, canHave?: readonly string[]) =>
  idsWanted(tree, ACCESS, planOf(wantedParts(contracts, parts), canHave), path);

describeSamples('what the test of access wants of a new endpoint', () => {
  const line =
    written(ACCESS)
      .split('\n')
      .findIndex((each) => each.trim() === 'ids: {') + 1;

  test('is an id of each customer of whatever belongs to one, wherever it is asked for, with file, line and samples', () => {
    expect(line).toBeGreaterThan(1);
    expect(wanted('orders.order,payments.payment', '/v1/receipt')).toBe(
      `${ACCESS}:${line} fails until its ids have one of the first user's and one of the second's:
  payment: ['pay_000003', 'pay_000014'],`,
    );
  });

  test('is said by where it stands where a path does not say what it is', () => {
    expect(wanted('orders.byReference', '/v1/parcels/:reference')).toContain(
      "'parcels/{reference}': ['…', '…'],",
    );
  });

  test('is nothing where it has them, and where what is asked for is nobody’s', () => {
    expect(wanted('orders.order', '/v1/parcel/:id')).toBeUndefined();
    expect(wanted('catalog.product', '/v1/item/:id')).toBeUndefined();
    expect(wanted('catalog.product,inventory.levels?', '/v1/item/:id', ['catalog:read'])).toBeUndefined();
    expect(wanted('orders.list', '/v1/parcels')).toBeUndefined();
  });
});

describeSamples('ids', () => {
  test('the samples are what the sample data have', async () => {
    const file = pathToFileURL(join(tree.root, 'libs/shop/sample-data/src/index.ts')).href;
    const samples = (await import(file)) as {
      orders: () => readonly {
        readonly id: string;
        readonly paymentId: string;
        readonly customerId: string;
      }[];
    };
    for (const [entity, ids] of Object.entries(sampleIds)) {
      const key = entity === 'order' ? 'id' : 'paymentId';
      const customers = ids.map((id) => samples.orders().find((each) => each[key] === id)?.customerId);
      expect({ entity, customers }).toEqual({ entity, customers: ['cus_0001', 'cus_0002'] });
    }
  });
});
