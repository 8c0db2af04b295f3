import { expect, test } from '@jest/globals';
import { ageOf } from './age.js';

test.each([
  [undefined, undefined, 0],
  ['max-age=60', undefined, 0],
  ['max-age=600', undefined, 0],
  ['public, max-age=10', undefined, 50_000],
  ['s-maxage=20, max-age=10', undefined, 40_000],
  ['max-age=10', '4', 54_000],
  [undefined, '15', 15_000],
  ['max-age=10', '100', 60_000],
  ['no-store', undefined, 90_000],
  ['private, max-age=60', undefined, 90_000],
  ['no-cache', undefined, 90_000],
  ['max-age=never', undefined, 0],
  ['max-age="30"', undefined, 30_000],
  [['max-age=1'], {}, 0],
])(
  'an answer with Cache-Control %j and Age %j, whose contract says a minute, is %i ms old',
  (control, age, expected) => {
    const headers = { 'cache-control': control, age };
    expect(ageOf(headers, { ttlMs: 60_000, staleWhileRevalidateMs: 30_000 })).toBe(expected);
  },
);
