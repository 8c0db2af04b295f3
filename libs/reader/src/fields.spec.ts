import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { isPath, pick, selectionOf } from './fields.js';

const value = {
  total: 2,
  items: [
    { id: 'a', price: { amount: 1, currency: 'EUR' }, tags: ['x', 'y'] },
    { id: 'b', price: { amount: 2, currency: 'EUR' }, tags: [] },
  ],
  hero: null,
};

const cut = (paths: readonly string[] | undefined) => pick(value, selectionOf(paths));

describe('a value cut to some fields', () => {
  test.each([
    [['total'], { total: 2 }],
    [
      ['items.id', 'items.price.amount'],
      {
        items: [
          { id: 'a', price: { amount: 1 } },
          { id: 'b', price: { amount: 2 } },
        ],
      },
    ],
    [['items.tags'], { items: [{ tags: ['x', 'y'] }, { tags: [] }] }],
    [['hero.title', 'nothing.there', 'total.more'], { hero: null, total: 2 }],
    [[], {}],
  ])('keeps %j and no more', (paths, expected) => {
    expect(cut(paths)).toEqual(expected);
  });

  test('is whole where no fields are named, or all', () => {
    expect(cut(undefined)).toBe(value);
    fc.assert(
      fc.property(fc.dictionary(fc.stringMatching(/^[a-z]+$/), fc.jsonValue()), (object) => {
        expect(pick(object, selectionOf(Object.keys(object)))).toEqual(object);
      }),
    );
  });

  test('has all of an object that a path ends at, whatever other paths say, in any order', () => {
    const whole = { items: value.items.map(({ price }) => ({ price })) };
    expect(cut(['items.price.amount', 'items.price'])).toEqual(whole);
    expect(cut(['items.price', 'items.price.amount'])).toEqual(whole);
  });

  test('has nothing from a prototype, and never a prototype', () => {
    expect(cut(['constructor', 'items.toString', 'total.toFixed'])).toEqual({ items: [{}, {}], total: 2 });
    const odd = JSON.parse('{"a":{"__proto__":{"admin":true},"b":1}}') as object;
    expect(Object.keys(pick(odd, selectionOf(['a.b'])) as { a: object })).toEqual(['a']);
    expect(() => selectionOf(['a.__proto__.b'])).toThrow(/"a.__proto__.b"/);
  });

  test('leaves the value as it was', () => {
    const before = JSON.stringify(value);
    cut(['items.id']);
    expect(JSON.stringify(value)).toBe(before);
  });
});

test.each(['', 'a..b', '.a', 'a.', '__proto__', 'a.__proto__'])('"%s" is no path', (path) => {
  expect(isPath(path)).toBe(false);
  expect(() => selectionOf([path])).toThrow(/expected names with dots/);
});
