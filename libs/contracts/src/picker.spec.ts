import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { pickerOf } from './picker.js';

describe('a picker', () => {
  const source = { id: 1, deep: { a: 1, b: [{ x: 1, y: 2 }, { x: 3 }] }, none: null, absent: undefined };

  test('takes the paths that are named, through lists, and leaves the value as it was', () => {
    const before = structuredClone(source);
    expect(pickerOf({ fields: ['id', 'deep.b.x', 'none.z'] })(source)).toEqual({
      id: 1,
      deep: { b: [{ x: 1 }, { x: 3 }] },
      none: null,
    });
    expect(source).toEqual(before);
  });

  test('takes everything below a path that is named as a whole', () => {
    expect(pickerOf({ fields: ['deep.a', 'deep'] })(source)).toEqual({ deep: source.deep });
    expect(pickerOf({})(source)).toBe(source);
  });

  test('gives a value that has no more than is named as it is', () => {
    const cut = { id: 1, deep: { b: [{ x: 1 }, { x: 3 }] } };
    expect(pickerOf({ fields: ['id', 'deep.b.x', 'gone'] })(cut)).toBe(cut);
    const forged = JSON.parse('{"id":1,"deep":{"__proto__":{"x":1}}}') as object;
    expect(JSON.stringify(pickerOf({ fields: ['deep.x'] })(forged))).toBe('{"deep":{}}');
  });

  test('never reads what an object only inherits', () => {
    expect(pickerOf({ fields: ['constructor', '__proto__', 'a'] })({ a: 1 })).toEqual({ a: 1 });
  });
});

describe('the first items of a list', () => {
  const source = {
    total: 3,
    items: [
      { id: 'a', tags: ['x', 'y'] },
      { id: 'b', tags: [] },
      { id: 'c', tags: ['z'] },
    ],
  };

  test('are taken, and the rest of the value as it is', () => {
    const picked = pickerOf({ first: { list: 'items', count: 2 } })(source) as typeof source;
    expect(picked).toEqual({ ...source, items: source.items.slice(0, 2) });
    expect(picked.items[0]).toBe(source.items[0]);
    expect(source.items).toHaveLength(3);
  });

  test('are taken beside fields, and a list that is not read stays out', () => {
    const fields = ['items.id'];
    expect(pickerOf({ fields, first: { list: 'items', count: 1 } })(source)).toEqual({
      items: [{ id: 'a' }],
    });
    expect(pickerOf({ fields: ['total'], first: { list: 'items', count: 1 } })(source)).toEqual({ total: 3 });
  });

  test('are those of each list, where it lies in the items of another', () => {
    expect(pickerOf({ first: { list: 'items.tags', count: 1 } })(source)).toEqual({
      ...source,
      items: [
        { id: 'a', tags: ['x'] },
        { id: 'b', tags: [] },
        { id: 'c', tags: ['z'] },
      ],
    });
  });

  test('of a value that has no more are the value itself', () => {
    expect(pickerOf({ first: { list: 'items', count: 3 } })(source)).toBe(source);
    expect(pickerOf({ first: { list: 'items', count: 3 } })({ items: null })).toEqual({ items: null });
    expect(pickerOf({ first: { list: 'items', count: 1 } })([])).toEqual([]);
  });

  test('of a list of lists are whole lists', () => {
    expect(pickerOf({ first: { list: 'rows', count: 1 } })({ rows: [[1, 2], [3]] })).toEqual({
      rows: [[1, 2]],
    });
  });
});

/** What a picker takes, worked out the slow way: for each place in the value, whether a path leads there. */
function reference(value: unknown, fields: readonly string[], path: readonly string[] = []): unknown {
  const here = path.join('.');
  if (fields.includes(here)) return value;
  if (Array.isArray(value)) return value.map((item) => reference(item, fields, path));
  if (typeof value !== 'object' || value === null) return value;
  const below = Object.entries(value).filter(([key]) => {
    const at = [...path, key].join('.');
    return key !== '__proto__' && fields.some((field) => field === at || field.startsWith(`${at}.`));
  });
  return Object.fromEntries(below.map(([key, each]) => [key, reference(each, fields, [...path, key])]));
}

test('whatever is read of whatever value, the same is taken, and the value stays as it was', () => {
  const key = fc.constantFrom('a', 'b', 'c', '__proto__', 'constructor');
  const { tree } = fc.letrec((tie) => ({
    tree: fc.oneof(
      { maxDepth: 4 },
      fc.constantFrom(1, 'x', null, true),
      fc.array(tie('tree'), { maxLength: 3 }),
      fc
        .array(fc.tuple(key, tie('tree')), { maxLength: 4 })
        .map((entries) => Object.fromEntries(entries) as object),
    ),
  }));
  const path = fc.array(fc.constantFrom('a', 'b', 'c', 'constructor'), { minLength: 1, maxLength: 3 });
  const paths = fc.array(
    path.map((steps) => steps.join('.')),
    { maxLength: 4 },
  );
  fc.assert(
    fc.property(fc.dictionary(key, tree), paths, (value, fields) => {
      const before = JSON.stringify(value);
      expect(pickerOf({ fields })(value)).toEqual(reference(value, fields));
      expect(JSON.stringify(value)).toBe(before);
    }),
    { numRuns: 500 },
  );
});

describe('cutting a value to some fields', () => {
  const value = {
    total: 2,
    items: [
      { id: 'a', price: { amount: 1, currency: 'EUR' }, tags: ['x', 'y'] },
      { id: 'b', price: { amount: 2, currency: 'EUR' }, tags: [] },
    ],
    hero: null,
  };
  const cut = (fields: readonly string[]) => pickerOf({ fields })(value);

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
  ])('keeps %j and no more', (fields, expected) => {
    expect(cut(fields)).toEqual(expected);
  });

  test('lets a shorter path win over those that it covers, in any order', () => {
    const whole = { items: value.items.map(({ price }) => ({ price })) };
    expect(cut(['items.price.amount', 'items.price'])).toEqual(whole);
    expect(cut(['items.price', 'items.price.amount'])).toEqual(whole);
  });

  test('takes a field from the value itself and never from its prototype', () => {
    expect(cut(['constructor', 'toString.name', 'a.__proto__.b'])).toEqual({});
  });

  test('keeps everything when every field is named, whatever the value', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.stringMatching(/^[a-z]+$/), fc.jsonValue()), (object) => {
        expect(pickerOf({ fields: Object.keys(object) })(object)).toEqual(object);
      }),
    );
  });
});
