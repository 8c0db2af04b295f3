import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { z } from 'zod';
import { bytePattern } from './pattern.js';

const patternOf = (schema: z.ZodType): RegExp => (schema._zod.def as { pattern?: RegExp }).pattern ?? /./i;

const regular = [
  /^[A-Za-z0-9][A-Za-z0-9._:-]*$/,
  /^[A-Z]{3}$/,
  /^[\x21-\x7e]+$/,
  /^[a-z]{2,4}-?\d+$/,
  /^[^x]*$/,
  /^ab$/,
  /^\d{4}-\d{2}$/u,
  /^[a-z]*a$/,
  /^(ab|a)*b?$/,
  /^(?:a|b[cd]{2,}|)x{0,2}$/,
  /^(?:(?:a?){3}){2}$/,
  /^a\$\.\/-_$/,
  /^.\w\W\s?$/,
  // eslint-disable-next-line no-control-regex -- a pattern as contracts have it
  /^(?:[^\u0000-\u001f\u007f-\u009f\ud800-\udfff]|[\ud800-\udbff][\udc00-\udfff])*$/,
  patternOf(z.iso.datetime()),
  patternOf(z.iso.datetime({ offset: true, local: true })),
  patternOf(z.iso.date()),
  patternOf(z.uuid()),
  patternOf(z.ipv4()),
  patternOf(z.email()),
];

describe('a regular pattern', () => {
  test.each(regular)('%s takes of plain ASCII, byte by byte, what it takes as an expression', (pattern) => {
    const taken = bytePattern(pattern);
    const plain = fc.oneof(
      fc.constantFrom(...'aAbxcdZ0129._:-~ T$/\u007f'),
      fc.integer({ min: 0x20, max: 0x7f }).map((code) => String.fromCharCode(code)),
    );
    const matching = fc.stringMatching(pattern).filter((text) => /^[\x20-\x7f]*$/.test(text));
    // Another character put in, put for one or taken out.
    const near = fc
      .tuple(matching, fc.nat(), plain, fc.integer({ min: 0, max: 2 }))
      .map(([text, at, one, kind]) => {
        const place = at % (text.length + 1);
        return text.slice(0, place) + (kind === 2 ? '' : one) + text.slice(place + (kind === 0 ? 0 : 1));
      });
    fc.assert(
      fc.property(fc.oneof(matching, near, fc.string({ unit: plain, maxLength: 8 })), (text) => {
        const bytes = Buffer.from(`"${text}"`);
        expect(taken?.(bytes, 1, bytes.length - 1)).toBe(pattern.test(text));
      }),
      { numRuns: 500 },
    );
  });
});

test.each([
  /[A-Z]/,
  /^[A-Z]/,
  /^a|b$/,
  /^[a-z]+$/i,
  /^a+?$/,
  /^a\$/,
  /^(?=a)a$/,
  /^(?!a)b$/,
  /^(?<=a)b$/,
  /^(?<name>a)$/,
  /^(a)\1$/,
  /^\ba$/,
  /^a$b$/,
  /^[a-z]{1,5000}$/,
  /^(?:.*a.{12})$/,
])('%s is left to be an expression', (pattern) => {
  expect(bytePattern(pattern)).toBeUndefined();
});
