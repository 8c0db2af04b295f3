import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Tree } from '@nx/devkit';
import { beforeAll, describe, expect, jest, test } from '@jest/globals';
import { objectsWanted, sampleObjects } from '../src/aggregation/objects.js';
import { planOf } from '../src/aggregation/plan.js';
import { wantedParts } from '../src/aggregation/wanted.js';
import { contractsOf, type Contracts } from '../src/workspace.js';
import { workspaceTree, written } from './tree.js';

jest.setTimeout(120_000);

const ACCESS = 'apps/mobile-bff/test/access.e2e.spec.ts';

let tree: Tree;
let contracts: Contracts;
beforeAll(async () => {
  tree = await workspaceTree();
  contracts = await contractsOf(tree);
});

const wanted = (parts: string, path: string, canHave?: readonly string[]) =>
  objectsWanted(tree, ACCESS, planOf(wantedParts(contracts, parts), canHave), path);

describe('what the test of access wants of a new endpoint', () => {
  const line =
    written(ACCESS)
      .split('\n')
      .findIndex((each) => each.trim() === 'objects: {') + 1;

  test('is said with file, line and samples, where the samples have such an object', () => {
    expect(line).toBeGreaterThan(1);
    expect(wanted('orders.order', '/v1/parcel/:id')).toBe(
      `${ACCESS}:${line} fails until its objects have an id of the caller's own and one of somebody else:
  'GET /v1/parcel/{id}': () => Promise.resolve({ own: 'ord_000003', theirs: 'ord_000014' }),`,
    );
    expect(wanted('catalog.product', '/v1/item/:id', ['catalog:read'])).toContain("own: 'prd_0001'");
  });

  test('is said without samples where there are none that would prove it', () => {
    for (const parts of ['payments.payment', 'orders.list,orders.order?'])
      expect(wanted(parts, '/v1/parcel/:id')).toContain("own: '…', theirs: '…'");
    const alsoAsksForIds = wanted('catalog.product,inventory.levels?', '/v1/item/:id', ['catalog:read']);
    expect(alsoAsksForIds).toContain("own: '…', theirs: '…'");
  });

  test('is nothing where everybody may ask, or no id is in the path', () => {
    expect(wanted('catalog.product', '/v1/item/:id')).toBeUndefined();
    expect(wanted('orders.list', '/v1/parcels')).toBeUndefined();
  });
});

test('the samples are what the sample data have', async () => {
  const file = pathToFileURL(join(tree.root, 'libs/shop/sample-data/src/index.ts')).href;
  const samples = (await import(file)) as {
    orders: () => readonly { readonly id: string; readonly customerId: string }[];
    products: () => readonly { readonly id: string }[];
  };
  const customerOf = (id: string | undefined) => samples.orders().find((each) => each.id === id)?.customerId;
  expect(customerOf(sampleObjects['orders.order.id']?.own)).toBe('cus_0001');
  expect(customerOf(sampleObjects['orders.order.id']?.theirs)).toBe('cus_0002');
  const products = samples.products().map(({ id }) => id);
  expect(products).toContain(sampleObjects['catalog.product.id']?.own);
  expect(products).not.toContain(sampleObjects['catalog.product.id']?.theirs);
});
