import { expect, test } from '@jest/globals';
import { pickAsked } from './fields.js';

const pickFields = (value: unknown, fields: readonly string[]) => pickAsked(value, { fields });

const answer = {
  items: [
    { id: 'a', price: { amount: 1, currency: 'EUR' }, images: [{ url: 'u', sizes: [{ w: 1, h: 2 }] }] },
    { id: 'b', price: { amount: 2, currency: 'EUR' }, images: [] },
  ],
  total: 2,
  next: null,
};

test('keeps what is on a path, through objects and lists', () => {
  expect(pickFields(answer, ['items.price.amount', 'items.images.sizes.w', 'total'])).toEqual({
    items: [
      { price: { amount: 1 }, images: [{ sizes: [{ w: 1 }] }] },
      { price: { amount: 2 }, images: [] },
    ],
    total: 2,
  });
});

test('keeps the whole of an object that a path ends at, whatever other paths say', () => {
  const prices = { items: answer.items.map(({ price }) => ({ price })) };
  expect(pickFields(answer, ['items.price', 'items.price.amount'])).toEqual(prices);
  expect(pickFields(answer, ['items.price.amount', 'items.price'])).toEqual(prices);
});

test('ignores paths to what is not there, and keeps null', () => {
  expect(pickFields(answer, ['nothing', 'total.more', 'next', 'next.below'])).toEqual({
    total: 2,
    next: null,
  });
});

test('never takes what the answer has from its prototype', () => {
  expect(pickFields(answer, ['__proto__', 'constructor', 'items.toString'])).toEqual({ items: [{}, {}] });
});

test('keeps everything where no field is asked for', () => {
  expect(pickFields(answer, [])).toEqual(answer);
});

test('never takes one list of fields for another that reads the same with commas', () => {
  const odd = { 'a,b': 1, a: 2, b: 3 };
  expect(pickFields(odd, ['a,b'])).toEqual({ 'a,b': 1 });
  expect(pickFields(odd, ['a', 'b'])).toEqual({ a: 2, b: 3 });
});

test('ignores what is no path, as a caller may send anything', () => {
  expect(pickFields(answer, ['total', 'a.'.repeat(100_000)])).toEqual({ total: 2 });
  expect(pickFields(answer, ['', 'a..b', '.', '__proto__.x'])).toEqual({});
});

test('keeps the first items of a list, and the rest of the answer as it is', () => {
  const first = (list: string, count: number) => pickAsked(answer, { first: { list, count } });
  expect(first('items', 1)).toEqual({ ...answer, items: [answer.items[0]] });
  expect(first('items', 0)).toEqual({ ...answer, items: [] });
  expect(first('items', 7)).toBe(answer);
  expect(pickAsked(answer, { fields: ['items.id', 'total'], first: { list: 'items', count: 1 } })).toEqual({
    items: [{ id: 'a' }],
    total: 2,
  });
  expect(answer.items).toHaveLength(2);
});

test.each([
  'nothing',
  'total',
  'next',
  'items.price',
  'items.id.x',
  '__proto__',
  'constructor.prototype',
  'a.'.repeat(100_000),
  '',
])('changes nothing where there is no list at a path (%#)', (list) => {
  expect(pickAsked(answer, { first: { list, count: 0 } })).toEqual(answer);
});
