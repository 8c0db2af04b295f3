import { describe, expect, test } from '@jest/globals';
import { z } from 'zod';
import { AnswerRefused, compileReader } from '../src/index.js';

/**
 * JSON and what is nearly so, by hand after the grammar of RFC 8259: each stands as a field that is read, as one that
 * is not, and as one that the contract does not name.
 */
const grammar: Readonly<Record<string, readonly (string | Buffer)[]>> = {
  strings: [
    '""',
    '"a"',
    '"\\""',
    '"\\\\"',
    '"\\/"',
    '"\\b\\f\\n\\r\\t"',
    '"\\u0041"',
    '"\\u00e9"',
    '"\\uD834\\uDD1E"',
    '"\\ud800"',
    '"\\udc00\\ud800"',
    '"\u007f"',
    '"\u2028\u2029"',
    '"\ufeff"',
    '"é"',
    '"€"',
    '"😀"',
    '"\\u0000"',
    '"a\\u0000b"',
    '"',
    '"\\"',
    '"\\',
    '"a',
    'a"',
    "'a'",
    '"\\a"',
    '"\\x41"',
    '"\\u"',
    '"\\u1"',
    '"\\u12"',
    '"\\u123"',
    '"\\u123g"',
    '"\\U0041"',
    '"\n"',
    '"\t"',
    '"\u0000"',
    '"\u001f"',
    '"a"b',
    '"a""b"',
    '"\\uD834\\"',
    '"\\\u0000"',
    '"\\é"',
    `"${'x'.repeat(5_000)}"`,
    `"${'\\n'.repeat(5_000)}"`,
  ],
  'bytes that are no UTF-8': [
    [0x22, 0x80, 0x22],
    [0x22, 0xc0, 0xaf, 0x22],
    [0x22, 0xc3, 0x22],
    [0x22, 0xe2, 0x82, 0x22],
    [0x22, 0xed, 0xa0, 0x80, 0x22],
    [0x22, 0xf0, 0x9f, 0x98, 0x22],
    [0x22, 0xf4, 0x90, 0x80, 0x80, 0x22],
    [0x22, 0xff, 0x22],
    [0x22, 0xfe, 0xff, 0x22],
    [0xef, 0xbb, 0xbf, 0x31],
    [0xe9],
    [0x22, 0xf8, 0x88, 0x80, 0x80, 0x80, 0x22],
  ].map((bytes) => Buffer.from(bytes)),
  numbers: [
    '0',
    '-0',
    '-0.0',
    '1',
    '-1',
    '10',
    '1.5',
    '0.1',
    '-0.1',
    '1e1',
    '1E1',
    '1e+1',
    '1e-1',
    '1.5e3',
    '0e0',
    '0E+2',
    '1e400',
    '-1e400',
    '1e-400',
    '123456789012345678901234567890',
    '0.1234567890123456789012345678901234567890',
    '9007199254740993',
    '-9007199254740993',
    '4.9e-324',
    '00',
    '01',
    '-01',
    '-',
    '+1',
    '.5',
    '1.',
    '-.5',
    '1.e1',
    '1e',
    '1e+',
    '1eE2',
    '1.2.3',
    '0x10',
    '1_000',
    '1,000',
    'NaN',
    'Infinity',
    '-Infinity',
    '1a',
    '１',
    '0.',
    '2.e3',
    '-1x',
    '1 000',
    '--1',
    '1-1',
    '0b1',
    '0o7',
  ],
  words: [
    'true',
    'false',
    'null',
    'True',
    'TRUE',
    'nul',
    'nulll',
    'tru',
    'truee',
    'fals',
    'undefined',
    'nan',
    'true false',
  ],
  lists: [
    '[]',
    '[[]]',
    '[1,2]',
    '["a"]',
    '[null]',
    '[1,]',
    '[,1]',
    '[,]',
    '[1,,2]',
    '[1 2]',
    '[',
    ']',
    '[1',
    '1]',
    '[1}',
    '["a]',
    '[[1]',
    '[]]',
    '[1:2]',
    '[*]',
    '[\u0000]',
    '[1;2]',
  ],
  objects: [
    '{}',
    '{"a":1}',
    '{"a":{}}',
    '{"a":1,"a":2}',
    '{"a":1,}',
    '{,"a":1}',
    '{"a"}',
    '{"a":}',
    '{:1}',
    '{a:1}',
    "{'a':1}",
    '{"a":1 "b":2}',
    '{"a" 1}',
    '{1:1}',
    '{null:1}',
    '{',
    '}',
    '{"a":1',
    '{"a":1]',
    '{"a":1}}',
    '{"":1}',
    '{"a\u0000":1}',
    '{"__proto__":{"x":1}}',
    '{"\\u0061":1}',
    '{"a"::1}',
    '{"a":1,"b"}',
    '{[]:1}',
  ],
  'white space': [
    ' 1',
    '1 ',
    '\t1',
    '1\n',
    '\r1',
    '\u00a01',
    '1\u00a0',
    '\u000b1',
    '\f1',
    '\u20281',
    '[ 1 , 2 ]',
    '{ "a" : 1 }',
    '\ufeff1',
  ],
  'nothing and more than one': [
    '',
    ' ',
    '1 2',
    '[][]',
    '{}{}',
    '1,2',
    '/**/1',
    '1//',
    '#1',
    '<null>',
    '\u0000',
    '1\u0000',
    '()',
  ],
};

const kinds = {
  text: z.string(),
  number: z.number(),
  whole: z.int(),
  yes: z.boolean(),
  none: z.null(),
  list: z.array(z.number()),
  texts: z.array(z.string()),
  object: z.object({ a: z.number() }),
  empty: z.object({}),
};

/** Read through a contract with the field `v`, or without it. */
function readersOf(v: z.ZodType | undefined, fields: readonly string[] | undefined) {
  const output = z.object({ ...(v && { v }), w: z.int() });
  const operation = { pattern: 'shelf.case', output };
  const readers = [
    compileReader({ operation, fields, opaque: true }),
    compileReader({ operation, fields }),
  ] as const;
  for (const reader of readers) expect(reader.description.way).toBe('compiled');
  return { output: fields === undefined ? output : z.object({ w: z.int() }), readers };
}

function right(output: z.ZodType, body: Buffer): unknown {
  if (!Buffer.from(body.toString()).equals(body)) return 'refused';
  try {
    return output.parse(JSON.parse(body.toString()));
  } catch {
    return 'refused';
  }
}

function outcome(read: () => unknown): unknown {
  try {
    return read();
  } catch (error) {
    expect(error).toBeInstanceOf(AnswerRefused);
    return 'refused';
  }
}

const places = [
  ...Object.entries(kinds).map(([name, schema]) => [`read as ${name}`, schema, undefined] as const),
  ...Object.entries(kinds).map(
    ([name, schema]) => [`${name} by contract, and not read`, schema, ['w']] as const,
  ),
  ['unknown', undefined, undefined] as const,
];

describe.each(Object.keys(grammar))('%s', (group) => {
  test.each(places)('%s: as JSON.parse and zod say', (_, schema, fields) => {
    const { output, readers } = readersOf(schema, fields);
    // Both orders are known to the reader by then, and the field that it does not expect.
    for (const known of ['{"v":0,"w":1}', '{"w":1,"v":0}'])
      readers.forEach((reader) => outcome(() => reader.read(Buffer.from(known))));
    for (const one of grammar[group] ?? []) {
      for (const body of [
        Buffer.concat([Buffer.from('{"v":'), Buffer.from(one), Buffer.from(',"w":1}')]),
        Buffer.concat([Buffer.from('{"w":1,"v":'), Buffer.from(one), Buffer.from('}')]),
        Buffer.from(one),
      ]) {
        const expected = right(output, body);
        const [text, value] = readers.map((reader) => outcome(() => reader.read(body)));
        expect(value).toEqual(expected);
        expect(text === 'refused' ? text : JSON.parse(text as string)).toEqual(
          expected === 'refused' ? expected : JSON.parse(JSON.stringify(expected)),
        );
      }
    }
  });
});
