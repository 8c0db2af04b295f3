import { customers } from '@facet/shop-sample-data';
import { expect, test } from '@jest/globals';
import { users } from './users.js';

test('the seeded users shop as sample customers of the same name and address', () => {
  const shoppers = users.filter(({ customerId }) => customerId !== undefined);
  expect(shoppers).toHaveLength(2);
  for (const { customerId, name, email } of shoppers) {
    expect(customers().find(({ id }) => id === customerId)).toMatchObject({ name, email });
  }
});
