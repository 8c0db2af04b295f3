import { insertAll, type Seed } from '@facet/service';
import * as sample from '@facet/shop-sample-data';
import { stock, warehouses } from './schema.js';

/** The sample world's warehouses and what lies in them. */
export const seed: Seed = {
  name: 'sample world 1',
  run: async (tx) => {
    await insertAll(tx, warehouses, sample.warehouses);
    await insertAll(tx, stock, sample.stock());
  },
};
