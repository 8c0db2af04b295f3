import { expect, test } from '@jest/globals';
import { fieldTreeOf } from './field-tree.js';

test('a tree of fields has a shorter path instead of those that it covers, in any order', () => {
  const tree = new Map([['items', new Map([['price', true]])]]);
  expect(fieldTreeOf(['items.price.amount', 'items.price'])).toEqual(tree);
  expect(fieldTreeOf(['items.price', 'items.price.amount'])).toEqual(tree);
});

test('a tree of no paths at all is everything, and one of an empty list nothing', () => {
  expect([fieldTreeOf(undefined), fieldTreeOf([])]).toEqual([true, new Map()]);
});

test.each(['', 'a..b', '.a', 'a.', '__proto__', 'a.__proto__'])('"%s" is no path', (path) => {
  expect(() => fieldTreeOf([path])).toThrow(/expected names with dots/);
});
