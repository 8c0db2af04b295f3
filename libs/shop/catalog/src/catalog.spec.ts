import { unboundedStrings } from '@facet/contracts/testing';
import { expect, test } from '@jest/globals';
import { catalog, imageUrl } from './index.js';

test('no string that comes in is without a limit, or may hold what a database does not take', () => {
  expect(unboundedStrings(catalog)).toEqual([]);
});

test.each([
  ['https://cdn.example.com/a/1.webp?w=240&h=180', true],
  ['https://cdn.example.com', true],
  ['/pictures/1/categories/lighting.svg', true],
  ['/1.webp', true],
  ['http://cdn.example.com/1.webp', false],
  ['//cdn.example.com/1.webp', false],
  ['/\\cdn.example.com/1.webp', false],
  ['https:///1.webp', false],
  ['pictures/1.webp', false],
  ['/', false],
  ['javascript:alert(1)', false],
  ['/1.webp" onerror="alert(1)', false],
])('%s is a picture on a secure site or at the gateway: %p', (url, isOne) => {
  expect(imageUrl.safeParse(url).success).toBe(isOne);
});
