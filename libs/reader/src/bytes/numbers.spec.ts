import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { anyNumberEnd, integerEnd, numberEnd, numberOf } from './numbers.js';

/** What JSON.parse makes of it; undefined where it is no JSON. */
function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

const NUL = '\u0000';
const digits = fc.string({ unit: fc.constantFrom(...'00123456789'), maxLength: 18 });
const nearlyNumbers = fc.oneof(
  fc.string({ unit: fc.constantFrom(...'0123456789.-+eE'), maxLength: 10 }),
  fc
    .tuple(
      fc.constantFrom('', '-'),
      digits,
      fc.constantFrom('', '.'),
      digits,
      fc.constantFrom('', 'e5', 'E-7'),
    )
    .map((all) => all.join('')),
  fc.double({ noNaN: true, noDefaultInfinity: true }).map(String),
  fc.maxSafeInteger().map(String),
);

describe('a number', () => {
  test('in its plain form is read as JSON.parse reads it, and what JSON.parse refuses never is', () => {
    let plain = 0;
    fc.assert(
      fc.property(nearlyNumbers, (text) => {
        const bytes = Buffer.from(text + NUL);
        const value = parsed(text);
        for (const walk of [integerEnd, numberEnd]) {
          if (walk(bytes, 0) !== text.length) continue;
          plain++;
          expect(Object.is(numberOf(bytes, 0, text.length), value)).toBe(true);
          expect(Object.is(value, -0)).toBe(false);
          if (walk === integerEnd) expect(Number.isSafeInteger(value)).toBe(true);
        }
      }),
      { numRuns: 2_000 },
    );
    expect(plain).toBeGreaterThan(500);
  });

  test('of any form is told from what is none', () => {
    fc.assert(
      fc.property(nearlyNumbers, (text) => {
        const isWhole = anyNumberEnd(Buffer.from(text + NUL), 0) === text.length && text !== '';
        expect(isWhole).toBe(typeof parsed(text) === 'number');
      }),
      { numRuns: 2_000 },
    );
  });

  test.each(['0', '7', '-12', '999999999999999', '-1.5', '0.25', '-0.5', '0.1234567890123456789'])(
    '%s is plain',
    (text) => {
      expect(numberEnd(Buffer.from(text + NUL), 0)).toBe(text.length);
    },
  );

  test.each(['-0', '-0.00', '01', '-01', '1.', '.5', '-', '', '+1'])('%j is not', (text) => {
    expect(numberEnd(Buffer.from(text + NUL), 0)).not.toBe(text.length === 0 ? 0 : text.length);
  });

  test('is no integer with a fraction, an exponent or more digits than are exact', () => {
    const ends = ['1.0', '1e3', '1234567890123456'].map((text) => integerEnd(Buffer.from(text + NUL), 0));
    expect(ends).toEqual([1, 1, -1]);
  });
});
