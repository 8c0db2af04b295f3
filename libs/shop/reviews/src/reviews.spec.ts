import { unboundedStrings } from '@facet/contracts/testing';
import { expect, test } from '@jest/globals';
import { reviews } from './index.js';

test('no string that comes in is without a limit, or may hold what a database does not take', () => {
  expect(unboundedStrings(reviews)).toEqual([]);
});
