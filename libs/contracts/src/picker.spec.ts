import { describe, expect, test } from '@jest/globals';
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
