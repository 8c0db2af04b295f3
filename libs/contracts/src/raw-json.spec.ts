import { describe, expect, test } from '@jest/globals';
import { RawJson, toJson } from './raw-json.js';

const raw = (json: string) => new RawJson(json);

describe('JSON that is passed on', () => {
  test('stands in the rest as it came, character by character', () => {
    const odd = '{ "é": [1e2, "\\u0041"] }';
    expect(toJson({ one: raw(odd), list: [raw('[]'), 2, raw('null')], text: 'x' })).toBe(
      `{"one":${odd},"list":[[],2,null],"text":"x"}`,
    );
    expect(toJson(raw(odd))).toBe(odd);
  });

  test('is the same value for a plain JSON.stringify', () => {
    expect(JSON.stringify({ one: raw('{ "a": 1 }') })).toBe('{"one":{"a":1}}');
  });

  test('leaves a value without any as JSON.stringify writes it', () => {
    expect(toJson({ a: ['b'] })).toBe('{"a":["b"]}');
  });

  test('cannot be named by data: what looks like a mark stays text', () => {
    const texts = ['raw:', '"raw:00000000-0000-4000-8000-000000000000"'];
    expect(JSON.parse(toJson({ texts, at: raw('1') }))).toEqual({ texts, at: 1 });
  });

  test('is itself again after a value that could not be written', () => {
    expect(() => toJson({ big: 1n, at: raw('1') })).toThrow(TypeError);
    expect(JSON.stringify(raw('[1]'))).toBe('[1]');
  });
});
