import { describe, expect, test } from '@jest/globals';
import { z } from 'zod';
import { text } from './common.js';
import { changesOf } from './changes.js';
import * as contracts from './index.js';
import type { Operation } from './operation.js';

interface Json {
  readonly type?: string;
  readonly enum?: readonly unknown[];
  readonly const?: unknown;
  readonly format?: string;
  readonly pattern?: string;
  readonly maxLength?: number;
  readonly allOf?: readonly Json[];
  readonly anyOf?: readonly Json[];
  readonly oneOf?: readonly Json[];
  readonly items?: Json;
  readonly properties?: Readonly<Record<string, Json>>;
}

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

  test('is the same to whoever reads its JSON schema, with and without the flag "u"', () => {
    const { pattern = '', maxLength } = z.toJSONSchema(text(40)) as Json;
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

/** The strings of a JSON schema, by where they are. */
function stringsIn(schema: Json, at: string): [string, Json][] {
  const inner = [...(schema.anyOf ?? []), ...(schema.oneOf ?? [])].flatMap((each) => stringsIn(each, at));
  const items = schema.items === undefined ? [] : stringsIn(schema.items, `${at}[]`);
  const fields = Object.entries(schema.properties ?? {}).flatMap(([name, each]) =>
    stringsIn(each, `${at}.${name}`),
  );
  return [
    ...(schema.type === 'string' ? [[at, schema] as [string, Json]] : []),
    ...inner,
    ...items,
    ...fields,
  ];
}

function refuses(schema: Json, given: string): boolean {
  if (schema.enum !== undefined || schema.const !== undefined || schema.format !== undefined) return true;
  if (given.length > (schema.maxLength ?? Infinity)) return true;
  const patterns = [schema, ...(schema.allOf ?? [])].flatMap(({ pattern }) => pattern ?? []);
  return patterns.some((pattern) => !new RegExp(pattern, 'u').test(given));
}

const operations = Object.values(contracts)
  .flatMap((each): unknown[] => (typeof each === 'object' ? Object.values(each) : []))
  .filter((each): each is Operation => typeof each === 'object' && each !== null && 'pattern' in each)
  .concat(changesOf('catalog'));

test('no string that comes in is without a limit, or may hold what a database does not take', () => {
  const loose = operations.flatMap(({ pattern, input }) =>
    stringsIn(z.toJSONSchema(input, { io: 'input' }) as Json, pattern)
      .filter(([, schema]) => ![...BROKEN, 'a'.repeat(5_000)].every((each) => refuses(schema, each)))
      .map(([at]) => at),
  );
  expect(operations.length).toBeGreaterThan(30);
  expect(loose).toEqual([]);
});
