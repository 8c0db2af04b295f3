import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { canonicalJson } from './canonical-json.js';

test('values that are equal read alike, in whichever order their fields were written', () => {
  expect(canonicalJson({ b: [1, { d: 2, c: 3 }], a: 'x' })).toBe('{"a":"x","b":[1,{"c":3,"d":2}]}');
  expect(canonicalJson({ a: 1, b: undefined })).toBe(canonicalJson({ a: 1 }));
});

test('values that differ read differently, and what is read is the value', () => {
  fc.assert(
    fc.property(fc.jsonValue(), fc.jsonValue(), (one, other) => {
      const [a, b] = [canonicalJson(one), canonicalJson(other)];
      expect(JSON.parse(a)).toEqual(JSON.parse(JSON.stringify(one)));
      expect(a === b).toBe(canonicalJson(JSON.parse(a)) === canonicalJson(JSON.parse(b)));
    }),
  );
});
