import { insertAll, type Seed } from '@facet/service';
import * as sample from '@facet/shop-sample-data';
import { addresses, customers } from './schema.js';

/** The customers of the sample world. */
export const seed: Seed = {
  name: 'sample world 1',
  run: async (tx) => {
    await insertAll(
      tx,
      customers,
      sample.customers().map(({ addresses: _addresses, ...customer }) => customer),
    );
    await insertAll(
      tx,
      addresses,
      sample
        .customers()
        .flatMap(({ id: customerId, addresses: own }) =>
          own.map((address, index) => ({ ...address, customerId, position: index + 1 })),
        ),
    );
  },
};
