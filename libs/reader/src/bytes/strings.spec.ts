import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { scratchWith } from './scratch.js';
import { lastString, stringEnd, stringOf } from './strings.js';

/** What is walked over from the opening quote of `json`, its text, and whether it is plain. */
function walk(json: Buffer): { end: number; text: string | undefined; isPlain: boolean } {
  const { bytes, view } = scratchWith(json);
  const end = stringEnd(bytes, view, 1);
  const text = end === -1 ? undefined : stringOf(bytes, bytes.toString('latin1', 0, json.length), 1, end);
  return { end, text, isPlain: lastString.isPlain };
}

const quoted = (text: string) => Buffer.from(JSON.stringify(text));

describe('a string', () => {
  test('is read as JSON.parse reads it, whatever it holds and wherever it ends', () => {
    const texts = fc.oneof(fc.string({ unit: 'binary' }), fc.string({ unit: 'grapheme' }), fc.string());
    fc.assert(
      fc.property(texts, fc.string(), (text, behind) => {
        const json = quoted(text);
        const { end, text: read, isPlain } = walk(Buffer.concat([json, Buffer.from(behind)]));
        expect([end, read]).toEqual([json.length - 1, JSON.parse(json.toString())]);
        expect(isPlain).toBe(/^[\x20-\x7f]*$/.test(text) && !/["\\]/.test(text));
      }),
    );
  });

  test('is plain after one that was not, at every length', () => {
    for (let length = 0; length < 20; length++) {
      expect(walk(quoted(`${'a'.repeat(length)}é`)).isPlain).toBe(false);
      expect(walk(quoted('a'.repeat(length)))).toEqual({
        end: length + 1,
        text: 'a'.repeat(length),
        isPlain: true,
      });
      // What is not ASCII stands behind it.
      expect(walk(Buffer.from(`"${'a'.repeat(length)}"é`)).isPlain).toBe(true);
    }
  });

  test.each([
    '"',
    '"abc',
    '"\\"',
    '"\\',
    '"\\x"',
    '"\\u12"',
    '"\\u123',
    '"\\u12g4"',
    '"a\nb"',
    '"a\u0000b"',
    '"\u001f"',
    '"abc\\',
  ])('%j is none', (json) => {
    expect(walk(Buffer.from(json)).end).toBe(-1);
  });

  test('may have as many escapes as it likes', () => {
    const text = 'a"'.repeat(60_000);
    expect(walk(quoted(text)).text).toBe(text);
  });
});
