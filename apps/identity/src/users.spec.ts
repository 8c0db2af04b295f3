import { describe, expect, test } from '@jest/globals';
import { customers } from '@facet/shop-sample-data';
import { users, verifyPassword } from './users.js';

describe('the seeded users', () => {
  test('shop as sample customers of the same name and address', () => {
    const shoppers = users.filter(({ customerId }) => customerId !== undefined);
    expect(shoppers).toHaveLength(2);
    for (const { customerId, name, email } of shoppers) {
      expect(customers().find(({ id }) => id === customerId)).toMatchObject({ name, email });
    }
  });

  test('are known by name and password together', () => {
    expect(verifyPassword('ada', 'ada-in-development')?.subject).toBe('user-ada');
    expect(verifyPassword('ada', 'grace-in-development')).toBeUndefined();
    expect(verifyPassword('nobody', '')).toBeUndefined();
    expect(verifyPassword('__proto__', '')).toBeUndefined();
  });
});
