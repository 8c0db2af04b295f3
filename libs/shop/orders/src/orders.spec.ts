import { unboundedStrings } from '@facet/contracts/testing';
import { expect, test } from '@jest/globals';
import { orders } from './index.js';

test('no string that comes in is without a limit, or may hold what a database does not take', () => {
  expect(unboundedStrings(orders)).toEqual([]);
});
