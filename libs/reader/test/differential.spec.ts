import { isUtf8 } from 'node:buffer';
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { z } from 'zod';
import { MAX_DEPTH } from '../src/bytes/skip.js';
import { CompiledReading } from '../src/compiled.js';
import { modelOf } from '../src/contract/model.js';
import { fieldTreeOf } from '../src/contract/field-tree.js';
import { AnswerRefused, compileReader } from '../src/index.js';
import { answersTo, good, type Oddness } from './support/answers.js';
import { contracts, listsOf, pathsOf, picked, strict, type Contract } from './support/contracts.js';

const REFUSED = Symbol('refused');
const runs = Number(process.env['FACET_READER_RUNS'] ?? 200);

interface Reading {
  readonly fields: readonly string[] | undefined;
  readonly first: { readonly list: string; readonly count: number } | undefined;
}

/** What is right: `JSON.parse`, the list cut, zod. */
function expected(contract: Contract, { fields, first }: Reading, body: Buffer): unknown {
  if (!isUtf8(body)) return REFUSED;
  let value: unknown;
  try {
    value = JSON.parse(body.toString());
  } catch {
    return REFUSED;
  }
  if (depthOf(value) > MAX_DEPTH) return REFUSED;
  if (first !== undefined) cutList(value, first.list.split('.'), first.count);
  const parsed = picked(contract, fields, first?.list).safeParse(value);
  return parsed.success ? parsed.data : REFUSED;
}

function depthOf(value: unknown): number {
  if (typeof value !== 'object' || value === null) return 0;
  return 1 + Math.max(0, ...Object.values(value).map(depthOf));
}

function cutList(value: unknown, names: readonly string[], count: number): void {
  const [name, ...below] = names;
  if (Array.isArray(value) && name === undefined) value.splice(count);
  else if (Array.isArray(value)) value.forEach((each) => cutList(each, names, count));
  else if (name !== undefined && typeof value === 'object' && value !== null && Object.hasOwn(value, name))
    cutList((value as Record<string, unknown>)[name], below, count);
}

/** All ways to read one contract, and the reading that is held against them. */
function readersOf(contract: Contract, reading: Reading) {
  const operation = { pattern: 'shelf.thing', output: strict(contract) };
  const { node } = modelOf(operation.output, fieldTreeOf(reading.fields), reading.first);
  if (node === undefined) throw new Error('every contract here can be compiled');
  return {
    text: compileReader({ operation, ...reading, opaque: true }),
    value: compileReader({ operation, ...reading }),
    compiledText: new CompiledReading(node, true),
    compiledValue: new CompiledReading(node, false),
  };
}

function outcome(read: () => unknown): unknown {
  try {
    return read();
  } catch (error) {
    if (error instanceof AnswerRefused) return REFUSED;
    throw error;
  }
}

const taken = { compiled: 0, expected: 0, refused: 0 };

function compare(readers: ReturnType<typeof readersOf>, right: unknown, body: Buffer): void {
  const frame = Buffer.concat([
    Buffer.from('{"response":'),
    body,
    Buffer.from(',"isDisposed":true,"id":17}'),
  ]);
  const [start, end] = [12, 12 + body.length];
  const text = outcome(() => readers.text.read(frame, start, end));
  expect(text === REFUSED ? text : JSON.parse(text as string)).toEqual(
    right === REFUSED ? right : plain(right),
  );
  expect(outcome(() => readers.value.read(frame, start, end))).toEqual(right);
  expect(frame.subarray(start, end).equals(body)).toBe(true);
  for (const compiled of [readers.compiledText, readers.compiledValue]) {
    const walked = compiled.read(body);
    if (right === REFUSED) {
      taken.refused++;
      expect(walked).toBeUndefined();
      continue;
    }
    taken.expected++;
    if (walked === undefined) compiled.learn(JSON.parse(body.toString()));
    else {
      taken.compiled++;
      const isText = compiled === readers.compiledText;
      expect(isText ? JSON.parse(walked as string) : walked).toEqual(isText ? plain(right) : right);
    }
  }
}

const plain = (value: unknown): unknown => JSON.parse(JSON.stringify(value));

const odd: fc.Arbitrary<Oddness> = fc.constantFrom(
  good,
  { ...good, fields: true },
  { ...good, fields: true, spaced: true },
  { wrong: 12, fields: false, spaced: false },
  { wrong: 5, fields: true, spaced: false },
);

const cases = contracts.chain((contract) => {
  const [paths, lists] = [pathsOf(contract), listsOf(contract).filter((list) => list !== '')];
  return fc.record({
    contract: fc.constant(contract),
    fields: fc.option(fc.subarray(paths), { nil: undefined }),
    first:
      lists.length === 0
        ? fc.constant(undefined)
        : fc.option(fc.record({ list: fc.constantFrom(...lists), count: fc.integer({ min: 1, max: 2 }) }), {
            nil: undefined,
          }),
    answers: fc.array(
      odd.chain((oddness) => answersTo(contract, oddness)),
      { minLength: 1, maxLength: 8 },
    ),
  });
});

describe('an answer is read as JSON.parse, zod and a pick of fields read it', () => {
  test('whatever the contract, the fields, the first n, and the order and kind of what comes', () => {
    fc.assert(
      fc.property(cases, ({ contract, fields, first, answers }) => {
        const readers = readersOf(contract, { fields, first });
        for (const answer of answers) {
          const body = Buffer.from(answer);
          compare(readers, expected(contract, { fields, first }, body), body);
        }
      }),
      { numRuns: runs },
    );
    // Without this a reader that never compiles would pass.
    expect(taken.compiled / taken.expected).toBeGreaterThan(0.2);
    expect(taken.refused).toBeGreaterThan(runs / 10);
  });

  test('with a byte changed, taken out or put in anywhere, and cut anywhere', () => {
    const bytes = fc.constantFrom(
      ...Buffer.from('"\\,{}[]: \u0000\u001f0-.eé'),
      0x80,
      0xc3,
      0xff,
      0xf0,
      0xed,
    );
    const changes = fc.array(fc.tuple(fc.nat(), bytes, fc.constantFrom('set', 'out', 'in', 'end')), {
      minLength: 4,
      maxLength: 12,
    });
    fc.assert(
      fc.property(cases, changes, ({ contract, fields, first, answers }, all) => {
        const readers = readersOf(contract, { fields, first });
        const body = Buffer.from(answers[0] ?? '');
        compare(readers, expected(contract, { fields, first }, body), body);
        for (const [at, byte, how] of all) {
          const changed = changedAt(body, at % (body.length + 1), byte, how);
          compare(readers, expected(contract, { fields, first }, changed), changed);
        }
      }),
      { numRuns: runs },
    );
  });
});

function changedAt(body: Buffer, at: number, byte: number, how: string): Buffer {
  if (how === 'end') return body.subarray(0, at);
  const behind = body.subarray(how === 'in' ? at : at + 1);
  return Buffer.concat([body.subarray(0, at), ...(how === 'out' ? [] : [Buffer.of(byte)]), behind]);
}

test('the spec’s own contracts hold what they call good', () => {
  fc.assert(
    fc.property(
      contracts.chain((contract) => fc.tuple(fc.constant(contract), answersTo(contract, good))),
      ([contract, answer]) => {
        expect(z.safeParse(picked(contract, undefined), JSON.parse(answer)).success).toBe(true);
      },
    ),
  );
});
