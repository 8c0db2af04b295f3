import { describe, expect, test } from '@jest/globals';
import { z } from 'zod';
import { text } from './common.js';
import { changesOf } from './changes.js';
import { query, service } from './operation.js';
import { unboundedStrings } from './testing/index.js';

const BROKEN = ['a\u0000b', 'a\nb', 'a\u007fb', 'a\u0085b', 'a\ud800b', '\udc00', 'a\ud83d'];

describe('text', () => {
  test.each(['Åsa Lindström', "O'Neill", '東京都', '👩‍👩‍👧 & 😀', 'a\u00a0b', '', '\ufffd'])(
    'may be what people write: %j',
    (written) => {
      expect(text(40).parse(written)).toBe(written);
    },
  );

  test.each(BROKEN)('holds no control character and no half of a character: %j', (written) => {
    expect(text(40).safeParse(written).error?.issues).toMatchObject([{ path: [] }]);
  });

  test('is no longer than it says', () => {
    expect(text(3).safeParse('abc').success).toBe(true);
    expect(text(3).safeParse('abcd').error?.issues).toHaveLength(1);
  });

  test('accepts the same texts by its JSON schema, with and without the flag "u"', () => {
    const { pattern = '', maxLength } = z.toJSONSchema(text(40)) as { pattern?: string; maxLength?: number };
    expect(maxLength).toBe(40);
    for (const flags of ['', 'u']) {
      const expression = new RegExp(pattern, flags);
      expect(['Åsa 😀', ...BROKEN].map((each) => expression.test(each))).toEqual([
        true,
        ...BROKEN.map(() => false),
      ]);
    }
  });
});

describe('the strings that come in', () => {
  test('of the query for changes have a limit, and hold nothing that a database does not take', () => {
    expect(unboundedStrings({ changes: changesOf('catalog') })).toEqual([]);
  });

  test('are named where they have none, wherever they stand', () => {
    const input = z.strictObject({
      key: z.string().regex(/^[a-z]{1,8}$/),
      lines: z.array(z.strictObject({ note: z.string().max(10), count: z.int() })),
      either: z.union([z.string(), z.null()]),
    });
    const loose = service('shop', { find: query({ summary: 'Finds', input, output: z.string() }) });
    expect(unboundedStrings(loose)).toEqual(['shop.find.lines[].note', 'shop.find.either']);
  });
});
