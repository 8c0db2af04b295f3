import { describe, expect, test } from '@jest/globals';
import { z } from 'zod';
import { AnswerRefused, compileReader, MAX_DEPTH, type Reading } from '../src/index.js';

const money = z.strictObject({ amount: z.int().nonnegative(), currency: z.string().regex(/^[A-Z]{3}$/) });
const output = z.strictObject({
  total: z.int(),
  items: z.array(z.strictObject({ id: z.string().min(1), price: money, note: z.string().optional() })),
});
const operation = { pattern: 'shelf.list', output };
const answer = {
  total: 2,
  items: [
    { id: 'a', price: { amount: 1, currency: 'EUR' } },
    { id: 'b', price: { amount: 2, currency: 'EUR' }, note: 'é' },
  ],
};
const json = (value: unknown) => Buffer.from(JSON.stringify(value));
const readerOf = (reading: Partial<Reading> = {}) => compileReader({ operation, ...reading });

/** How an answer is refused: field and code. */
function refusal(read: () => unknown): AnswerRefused {
  try {
    read();
  } catch (error) {
    if (error instanceof AnswerRefused) return error;
    throw error;
  }
  throw new Error('it was not refused');
}

describe('an answer', () => {
  test('is a value, or JSON text where it is opaque, out of the middle of other bytes', () => {
    const frame = Buffer.concat([Buffer.from('{"response":'), json(answer), Buffer.from(',"id":1}')]);
    const [start, end] = [12, frame.length - 8];
    const before = Buffer.from(frame);
    expect(readerOf().read(frame, start, end)).toEqual(answer);
    expect(readerOf({ opaque: true }).read(frame, start, end)).toBe(JSON.stringify(answer));
    expect(readerOf().readText(JSON.stringify(answer))).toEqual(answer);
    expect(frame.equals(before)).toBe(true);
  });

  test('is cut to the fields that are read, and to the first elements of a list', () => {
    const reading = { fields: ['items.price.amount'], first: { list: 'items', count: 1 } };
    expect(readerOf(reading).read(json(answer))).toEqual({ items: [{ price: { amount: 1 } }] });
    expect(readerOf({ ...reading, opaque: true }).read(json(answer))).toBe(
      '{"items":[{"price":{"amount":1}}]}',
    );
  });

  test('is passed on with its keys in the order in which the service wrote them, from the first one on', () => {
    const turned = '{"items":[{"price":{"currency":"EUR","amount":1},"id":"a"}],"total":1}';
    const reader = readerOf({ opaque: true });
    expect([1, 2, 3].map(() => reader.readText(turned))).toEqual([turned, turned, turned]);
  });

  test('loses what the contract does not name, at every depth, the first time and when it is known', () => {
    const odd = Buffer.from(
      '{"__proto__":{"admin":true},"total":1,"debug":[{"x":[1]}],"items":[{"_v":0,"id":"a","__proto__":{"admin":true},"price":{"amount":1,"currency":"EUR","tax":{}},"constructor":1}]}',
    );
    const cut = { total: 1, items: [{ id: 'a', price: { amount: 1, currency: 'EUR' } }] };
    const [value, text] = [readerOf(), readerOf({ opaque: true })];
    for (let time = 0; time < 3; time++) {
      const read = value.read(odd) as typeof cut & { items: { admin?: boolean }[] };
      expect(read).toEqual(cut);
      expect(read.items[0]?.admin).toBeUndefined();
      expect(text.read(odd)).toBe(JSON.stringify(cut));
    }
  });

  test('may be as large as it likes', () => {
    const large = {
      total: 0,
      items: Array.from({ length: 20_000 }, (_, at) => ({
        id: `i${at}`,
        price: { amount: at, currency: 'EUR' },
      })),
    };
    expect(readerOf().read(json(large))).toEqual(large);
    expect(readerOf({ opaque: true, fields: ['total'] }).read(json(large))).toBe('{"total":0}');
  });

  test('may itself be a list, a text or a number', () => {
    const read = (schema: z.ZodType, body: unknown) =>
      compileReader({ operation: { pattern: 'a.b', output: schema } }).read(json(body));
    expect([
      read(z.array(z.int()), [1, 2]),
      read(z.string(), 'é'),
      read(z.number(), -1),
      read(z.int().nullable(), null),
    ]).toEqual([[1, 2], 'é', -1, null]);
  });

  test('is frozen where its contract says so, whichever way it is read', () => {
    const schema = z.strictObject({
      list: z.array(z.int()).readonly(),
      more: z.strictObject({ a: z.int() }).readonly(),
    });
    const reader = compileReader({ operation: { pattern: 'a.b', output: schema } });
    for (const body of ['{"list":[1],"more":{"a":1}}', ' {"list":[1],"more":{"a":1}}']) {
      const { list, more } = reader.readText(body) as z.output<typeof schema>;
      expect([Object.isFrozen(list), Object.isFrozen(more)]).toEqual([true, true]);
    }
  });
});

describe('a refusal', () => {
  test.each([
    [{ total: 'secret', items: [] }, 'total', 'invalid_type'],
    [{ items: [] }, 'total', 'invalid_type'],
    [{ total: 1, items: [{ id: '', price: { amount: 1, currency: 'EUR' } }] }, 'items.0.id', 'too_small'],
    [
      { total: 1, items: [{ id: 'a', price: { amount: -1, currency: 'EUR' } }] },
      'items.0.price.amount',
      'too_small',
    ],
    [
      { total: 1, items: [{ id: 'a', price: { amount: 1, currency: 'secret' } }] },
      'items.0.price.currency',
      'invalid_format',
    ],
    [null, '', 'invalid_type'],
    ['secret', '', 'invalid_type'],
    [[], '', 'invalid_type'],
  ])('of %j names the field and the code, and not what was answered', (body, field, code) => {
    for (const reader of [readerOf(), readerOf({ opaque: true })]) {
      const error = refusal(() => reader.read(json(body)));
      expect(error).toMatchObject({ operation: 'shelf.list', field, code });
      expect(`${error.message} ${JSON.stringify(error.cause)}`).not.toContain('secret');
    }
  });

  test.each([
    ['{"total":1,"secret', 'invalid_json'],
    ['secret', 'invalid_json'],
    ['', 'invalid_json'],
    [Buffer.from([0x22, 0xc3, 0x22]), 'invalid_utf8'],
    [`{"total":1,"items":[],"x":${'['.repeat(6_000)}${']'.repeat(6_000)}}`, 'too_deep'],
    ['['.repeat(1_000_000), 'too_deep'],
  ])('tells what is no answer at all (%#)', (body, code) => {
    const error = refusal(() => readerOf().read(Buffer.from(body)));
    expect(error).toMatchObject({ field: '', code });
    expect(error.message).not.toContain('secret');
  });

  test('never shows a name that the service chose', () => {
    const schema = z.strictObject({ prices: z.record(z.string(), z.int()) });
    const reader = compileReader({ operation: { pattern: 'a.b', output: schema } });
    const error = refusal(() => reader.readText('{"prices":{"secret":"x"}}'));
    expect([error.field, error.code]).toEqual(['prices.*', 'invalid_type']);
  });

  test('is all that a check can lead to that throws, or wants to wait', () => {
    const thrown = z.strictObject({
      a: z.string().refine(() => {
        throw new Error('broken');
      }),
    });
    const waits = z.strictObject({ a: z.string().refine(() => Promise.resolve(true)) });
    const large = z.strictObject({ a: z.string().transform((text) => BigInt(text)) });
    const codes = [thrown, waits, large].map(
      (schema) =>
        refusal(() =>
          compileReader({ operation: { pattern: 'a.b', output: schema }, opaque: true }).readText(
            '{"a":"1"}',
          ),
        ).code,
    );
    expect(codes).toEqual(['check_failed', 'check_failed', 'not_json']);
  });
});

test('an answer may be nested as deep as the limit and no deeper, read or not', () => {
  const nested = (depth: number) =>
    `{"total":1,"items":[],"x":${'['.repeat(depth - 1)}${']'.repeat(depth - 1)}}`;
  for (const reader of [readerOf(), readerOf({ fields: ['total'], opaque: true })]) {
    reader.readText('{"total":1,"items":[],"x":1}');
    expect(() => reader.readText(nested(MAX_DEPTH))).not.toThrow();
    expect(refusal(() => reader.readText(nested(MAX_DEPTH + 1))).code).toBe('too_deep');
  }
});

describe('what a reader leaves to zod', () => {
  test('is named with its reason, and is no matter where it is not read', () => {
    const schema = z.strictObject({
      a: z.union([z.string(), z.int()]),
      b: z.record(z.string(), z.int()),
      c: z.string().transform(Number),
      d: z.strictObject({ x: z.int(), y: z.int() }).refine(({ x, y }) => x < y),
      e: z.looseObject({}),
      f: z.int(),
    });
    const mixed = { pattern: 'shelf.mixed', output: schema };
    expect(compileReader({ operation: mixed }).description).toEqual({
      operation: 'shelf.mixed',
      way: 'zod',
      leftToZod: [
        { field: 'a', reason: 'a union' },
        { field: 'b', reason: 'a record' },
        { field: 'c', reason: 'a transform' },
        { field: 'd', reason: 'a refinement' },
        { field: 'e', reason: 'fields that it does not name' },
      ],
    });
    const some = compileReader({ operation: mixed, fields: ['f'] });
    expect(some.description).toEqual({ operation: 'shelf.mixed', way: 'compiled', leftToZod: [] });
    expect(some.readText('{"a":1,"b":{},"c":"1","d":{},"e":{},"f":7}')).toEqual({ f: 7 });
  });

  test('is held to its whole contract and cut afterwards, and asked for whole', () => {
    const range = z.strictObject({ x: z.int(), y: z.int() }).refine(({ x, y }) => x < y);
    const schema = z.strictObject({
      range,
      kind: z.union([z.strictObject({ id: z.string(), n: z.int() }), z.null()]),
      f: z.int(),
    });
    const reader = compileReader({
      operation: { pattern: 'a.b', output: schema },
      fields: ['range.x', 'kind.id', 'f'],
    });
    expect(reader.asks).toEqual(['range', 'kind', 'f']);
    expect(reader.readText('{"range":{"x":1,"y":2},"kind":{"id":"a","n":1},"f":1}')).toEqual({
      range: { x: 1 },
      kind: { id: 'a' },
      f: 1,
    });
    expect(refusal(() => reader.readText('{"range":{"x":3,"y":2},"kind":null,"f":1}')).field).toBe('range');
    expect(readerOf({ fields: ['items.id'] }).asks).toEqual(['items.id']);
  });

  test('may be a contract that contains itself', () => {
    const node = z.strictObject({
      id: z.string(),
      get below() {
        return z.array(node);
      },
    });
    const reader = compileReader({ operation: { pattern: 'a.b', output: node } });
    expect(reader.description.leftToZod).toEqual([{ field: 'below', reason: 'it contains itself' }]);
    expect(reader.readText('{"id":"a","below":[{"id":"b","below":[]}],"x":1}')).toEqual({
      id: 'a',
      below: [{ id: 'b', below: [] }],
    });
  });
});

test('a default stands in for a field that is absent', () => {
  const schema = z.strictObject({ a: z.int().default(7), b: z.string().optional() });
  const reader = compileReader({ operation: { pattern: 'a.b', output: schema }, opaque: true });
  expect([reader.readText('{}'), reader.readText('{"a":1}'), reader.readText('{"b":"x","a":1}')]).toEqual([
    '{"a":7}',
    '{"a":1}',
    '{"b":"x","a":1}',
  ]);
});

test('a check that reads an answer itself does not spoil the one that is being read', () => {
  const inner = readerOf({ opaque: true });
  const nosy = z.string().refine(() => inner.read(json(answer)) === JSON.stringify(answer));
  const schema = z.strictObject({ a: nosy, b: z.string() });
  const reader = compileReader({ operation: { pattern: 'a.b', output: schema }, opaque: true });
  for (let time = 0; time < 3; time++) expect(reader.readText('{"a":"x","b":"y"}')).toBe('{"a":"x","b":"y"}');
});

test('a contract of hundreds of fields is read as any other, with some absent, some unknown and some not read', () => {
  const fields: readonly (readonly [string, z.ZodType])[] = Array.from(
    { length: 350 },
    (_, at) => [`f${at}`, at % 3 === 0 ? z.int().optional() : z.string()] as const,
  );
  const wide = { pattern: 'a.b', output: z.strictObject(Object.fromEntries(fields)) };
  const whole = Object.fromEntries(fields.map(([name], at) => [name, at % 3 === 0 ? at : `text ${at}`]));
  const some: readonly string[] = fields.map(([name]) => name).filter((_, at) => at % 4 !== 1);
  for (const read of [undefined, some]) {
    const [value, text] = [
      compileReader({ operation: wide, fields: read }),
      compileReader({ operation: wide, fields: read, opaque: true }),
    ];
    for (let turn = 0; turn < 4; turn++) {
      const kept = Object.entries(whole).filter((_, at) => at % 3 !== 0 || at % (turn + 2) !== 0);
      const answer: unknown = Object.fromEntries([['odd', { turn }], ...kept, [`more ${turn % 2}`, 1]]);
      const expected = Object.fromEntries(kept.filter(([name]) => read === undefined || read.includes(name)));
      expect(value.read(json(answer))).toEqual(expected);
      expect(JSON.parse(text.read(json(answer)) as string)).toEqual(expected);
    }
  }
});

test('a service that writes its keys in ever new orders is read all the same', () => {
  const names = ['a', 'b', 'c', 'd', 'e', 'f'];
  const schema = z.strictObject(Object.fromEntries(names.map((name) => [name, z.int()])));
  const reader = compileReader({ operation: { pattern: 'a.b', output: schema } });
  const whole = Object.fromEntries(names.map((name, at) => [name, at]));
  for (let turn = 0; turn < 3_000; turn++) {
    const order = [...names].sort(
      (one, other) =>
        ((turn * 7 + one.charCodeAt(0) * 13) % 11) - ((turn * 7 + other.charCodeAt(0) * 13) % 11),
    );
    expect(reader.read(json(Object.fromEntries(order.map((name) => [name, whole[name]]))))).toEqual(whole);
  }
});

test.each(['', 'a..b', 'items.__proto__'])('the path "%s" is refused when the reader is made', (path) => {
  expect(() => readerOf({ fields: [path] })).toThrow(RangeError);
});

describe('what is left to zod loses unknown fields too', () => {
  const leaf = z.strictObject({ id: z.string() });
  const kinds: Readonly<Record<string, readonly [z.ZodType, unknown, unknown]>> = {
    'in a record': [z.record(z.string(), leaf), { a: { id: 'x', odd: 1 } }, { a: { id: 'x' } }],
    'in a tuple': [
      z.tuple([leaf], leaf),
      [
        { id: 'x', odd: 1 },
        { id: 'y', odd: 1 },
      ],
      [{ id: 'x' }, { id: 'y' }],
    ],
    'in a union whose kind is told by a field': [
      z.discriminatedUnion('kind', [
        z.strictObject({ kind: z.literal('a'), leaf }),
        z.strictObject({ kind: z.literal('b') }),
      ]),
      { kind: 'a', leaf: { id: 'x', odd: 1 }, odd: 1 },
      { kind: 'a', leaf: { id: 'x' } },
    ],
    'before a transform': [leaf.transform(({ id }) => id), { id: 'x', odd: 1 }, 'x'],
    'in what is lazy': [z.lazy(() => leaf), { id: 'x', odd: 1 }, { id: 'x' }],
  };

  test.each(Object.keys(kinds))('%s', (name) => {
    const [schema, answered, expected] = kinds[name] ?? [];
    const output = z.strictObject({ v: schema as z.ZodType });
    const reader = compileReader({ operation: { pattern: 'a.b', output } });
    expect(reader.read(json({ v: answered, odd: 1 }))).toEqual({ v: expected });
    expect(reader.description.way).toBe('zod');
  });

  test('at every depth of a contract that contains itself, twice', () => {
    const node = z.strictObject({
      id: z.string(),
      get left() {
        return node.nullable();
      },
      get right() {
        return node.optional();
      },
    });
    const tree = (depth: number, odd: object): object =>
      depth === 0
        ? { id: 'x', left: null, ...odd }
        : { id: 'x', left: tree(depth - 1, odd), right: tree(depth - 1, odd), ...odd };
    const reader = compileReader({ operation: { pattern: 'a.b', output: node } });
    expect(reader.read(json(tree(6, { odd: [1] })))).toEqual(tree(6, {}));
    const some = compileReader({
      operation: { pattern: 'a.b', output: node },
      fields: ['left.left.id', 'id'],
    });
    expect(some.read(json(tree(3, { odd: 1 })))).toEqual({ id: 'x', left: { left: { id: 'x' } } });
    expect(
      refusal(() => reader.read(json({ id: 'x', left: { id: 'x', left: { id: 1, left: null } } }))).field,
    ).toBe('left.left.id');
  });
});
