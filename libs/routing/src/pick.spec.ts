import fc from 'fast-check';
import { describe, expect, test } from '@jest/globals';
import { pick } from './pick.js';

describe('cutting a value to some fields', () => {
  const value = {
    total: 2,
    items: [
      { id: 'a', price: { amount: 1, currency: 'EUR' }, tags: ['x', 'y'] },
      { id: 'b', price: { amount: 2, currency: 'EUR' }, tags: [] },
    ],
    hero: null,
  };

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
    [['hero.title', 'nothing.there'], { hero: null }],
    [[], {}],
  ])('keeps %j and no more', (paths, expected) => {
    expect(pick(paths)(value)).toEqual(expected);
  });

  test('lets a shorter path win over those that it covers, in any order', () => {
    const whole = { items: value.items.map(({ price }) => ({ price })) };
    expect(pick(['items.price.amount', 'items.price'])(value)).toEqual(whole);
    expect(pick(['items.price', 'items.price.amount'])(value)).toEqual(whole);
  });

  test('takes a field from the value itself and never from its prototype', () => {
    expect(pick(['constructor', 'toString.name'])(value)).toEqual({});
    expect(() => pick(['a.__proto__.b'])).toThrow(/"a.__proto__.b"/);
  });

  test.each(['', 'a..b', '.a', 'a.'])('refuses the path "%s"', (path) => {
    expect(() => pick([path])).toThrow(/expected names with dots/);
  });

  test('keeps everything when every field is named, whatever the value', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.stringMatching(/^[a-z]+$/), fc.jsonValue()), (object) => {
        expect(pick(Object.keys(object))(object)).toEqual(object);
      }),
    );
  });
});
