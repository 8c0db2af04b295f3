import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { scratchWith } from './scratch.js';
import { isTooDeep, MAX_DEPTH, skip } from './skip.js';

function skipped(json: string | Buffer, depth = MAX_DEPTH): number {
  const body = Buffer.from(json);
  const { bytes, view } = scratchWith(body);
  return skip(bytes, view, 0, depth);
}

const nested = (depth: number) => '['.repeat(depth) + ']'.repeat(depth);

describe('a value that nobody reads', () => {
  test('is walked over to its end, whatever stands behind it', () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.constantFrom('', ',', ',"id":17}', ']', '}'), (value, behind) => {
        const json = JSON.stringify(value);
        expect(skipped(json + behind)).toBe(Buffer.byteLength(json));
      }),
    );
  });

  test('that is no JSON is not walked over to its end', () => {
    const pieces = fc.array(
      fc.constantFrom('{', '}', '[', ']', ',', ':', '"a"', '1', 'null', 'tru', 'true', '-', ' ', '"'),
      { maxLength: 9 },
    );
    fc.assert(
      fc.property(pieces, (all) => {
        const json = all.join('');
        let isJson = true;
        try {
          JSON.parse(json);
        } catch {
          isJson = false;
        }
        const isWalked = json !== '' && skipped(json) === json.length;
        expect(isWalked).toBe(isJson && !/ /.test(json.replaceAll(/"[^"]*"/g, '')));
      }),
      { numRuns: 5_000 },
    );
  });

  test('is not walked over where it is deeper than may be', () => {
    expect([skipped(nested(3), 3), skipped(nested(4), 3)]).toEqual([6, -1]);
    expect(skipped(nested(100_000))).toBe(-1);
  });
});

describe('an answer', () => {
  test.each([
    [nested(MAX_DEPTH), false],
    [nested(MAX_DEPTH + 1), true],
    [nested(6_000), true],
    ['['.repeat(100_000), true],
    [`[${'[],'.repeat(1_000)}[]]`, false],
    [JSON.stringify('['.repeat(200)), false],
    [JSON.stringify(`"${'['.repeat(200)}`), false],
    ['{"a":'.repeat(MAX_DEPTH + 1), true],
  ])('is too deep or not, whatever its strings hold (%#)', (json, expected) => {
    expect(isTooDeep(Buffer.from(json))).toBe(expected);
  });
});
