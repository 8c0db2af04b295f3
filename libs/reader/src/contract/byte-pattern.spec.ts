import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { bytePattern } from './byte-pattern.js';

const simple = [
  /^[A-Za-z0-9][A-Za-z0-9._:-]*$/,
  /^[A-Z]{3}$/,
  /^[\x21-\x7e]+$/,
  /^[a-z]{2,4}-?\d+$/,
  /^[^x]*$/,
  /^ab$/,
  /^\d{4}-\d{2}$/u,
];

describe('a simple pattern', () => {
  test.each(simple)(
    '%s takes of printable ASCII, byte by byte, what it takes as an expression',
    (pattern) => {
      const test = bytePattern(pattern);
      const characters = fc.oneof(
        fc.constantFrom(...'aAbxZ09._:-~ '),
        fc.integer({ min: 0x20, max: 0x7e }).map((code) => String.fromCharCode(code)),
      );
      const near = fc.oneof(fc.stringMatching(pattern), fc.string({ unit: characters, maxLength: 8 }));
      fc.assert(
        fc.property(near, (text) => {
          fc.pre(/^[\x20-\x7e]*$/.test(text));
          const bytes = Buffer.from(`"${text}"`);
          expect(test?.(bytes, 1, bytes.length - 1)).toBe(pattern.test(text));
        }),
      );
    },
  );
});

test.each([
  /[A-Z]/,
  /^[A-Z]/,
  /^a|b$/,
  /^(ab)$/,
  /^[a-z]*a$/,
  /^a*[ab]$/,
  /^[a-z]+$/i,
  /^a+?$/,
  /^a\$/,
  /^(?=a)a$/,
  /^.*$/,
  /^[a-z]?[a-z]$/,
])('%s is left to be an expression', (pattern) => {
  expect(bytePattern(pattern)).toBeUndefined();
});
