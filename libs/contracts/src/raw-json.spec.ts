import { describe, expect, test } from '@jest/globals';
import { jsonPieces, RawJson } from './raw-json.js';

const raw = (json: string) => new RawJson(Buffer.from(json));
const joined = (value: unknown) =>
  Buffer.concat(jsonPieces(value).map((piece) => Buffer.from(piece as string))).toString();

describe('JSON that is passed on', () => {
  test('stands in the pieces as it came, byte by byte', () => {
    const odd = '{ "é": [1e2, "\\u0041"] }';
    expect(joined({ one: raw(odd), list: [raw('[]'), 2, raw('null')], text: 'x' })).toBe(
      `{"one":${odd},"list":[[],2,null],"text":"x"}`,
    );
    expect(joined(raw(odd))).toBe(odd);
  });

  test('is the same value for a plain JSON.stringify', () => {
    expect(JSON.stringify({ one: raw('{ "a": 1 }') })).toBe('{"one":{"a":1}}');
  });

  test('leaves a value without any in one piece', () => {
    expect(jsonPieces({ a: ['b'] })).toEqual(['{"a":["b"]}']);
  });

  test('cannot be named by data: what looks like a mark stays text', () => {
    const texts = ['raw:', '"raw:00000000-0000-4000-8000-000000000000"'];
    expect(JSON.parse(joined({ texts, at: raw('1') }))).toEqual({ texts, at: 1 });
  });

  test('is itself again after a value that could not be written', () => {
    expect(() => jsonPieces({ big: 1n, at: raw('1') })).toThrow(TypeError);
    expect(JSON.stringify(raw('[1]'))).toBe('[1]');
  });
});
