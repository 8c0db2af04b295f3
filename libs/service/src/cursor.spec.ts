import { expect, test } from '@jest/globals';
import { decodeCursor, encodeCursor } from './cursor.js';

const of = { kind: 'feed', code: 'x.bad-cursor', field: 'cursor' };

test.each(['prd_0001', '', 'ü☃', 0, 17, Number.MAX_SAFE_INTEGER])('gives back the place %p', (place) => {
  const cursor = encodeCursor('feed', place);
  expect(cursor).toMatch(/^[\w-]+$/);
  expect(decodeCursor(cursor, of)).toBe(place);
});

test.each([
  ['of another list', encodeCursor('prices', 5)],
  ['that is no cursor', 'nonsense'],
  ['that is empty', ''],
  ['with a place of another kind', Buffer.from('["feed",{}]').toString('base64url')],
  ['with a place that no database takes', encodeCursor('feed', 'prd\u0000')],
  ['with a number that is none', Buffer.from('["feed",1e999]').toString('base64url')],
])('refuses one %s', (_what, cursor) => {
  expect(() => decodeCursor(cursor, of)).toThrow(
    expect.objectContaining({
      code: 'x.bad-cursor',
      status: 400,
      fields: [expect.objectContaining({ field: 'cursor' })],
    }),
  );
});
