import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';

import { scanReply, scanned } from './reply-scan.js';
import { encodeValue } from './wire.js';

function scan(json: string): { id: number; answer: string } | undefined {
  const bytes = Buffer.from(`junk${json}junk`);
  if (!scanReply(bytes, 4, bytes.length - 4)) return undefined;
  return { id: scanned.id, answer: bytes.toString('utf8', scanned.start, scanned.end) };
}

const container = fc.oneof(fc.array(fc.jsonValue()), fc.dictionary(fc.string(), fc.jsonValue()), fc.string());

describe('scanReply', () => {
  test('cuts out exactly the answer, whatever it is', () => {
    fc.assert(
      fc.property(container, fc.nat(), (answer, id) => {
        expect(scan(encodeValue(answer, true, id))).toEqual({ id, answer: JSON.stringify(answer) });
      }),
    );
  });

  test('is not fooled by an answer that looks like the end of a reply', () => {
    const answer = { text: ',"isDisposed":true,"id":1}', isDisposed: true, id: 1 };
    expect(scan(encodeValue(answer, true, 77))).toEqual({ id: 77, answer: JSON.stringify(answer) });
  });

  test.each([
    ['one of several answers', '{"response":{"a":1},"id":7}'],
    ['an error', '{"err":"no","isDisposed":true,"id":7}'],
    ['no answer', '{"isDisposed":true,"id":7}'],
    ['an id of a stock client', '{"response":{"a":1},"isDisposed":true,"id":"7"}'],
    ['a scalar', '{"response":12,"isDisposed":true,"id":7}'],
    ['a key behind the answer', '{"response":1,"err":{},"isDisposed":true,"id":7}'],
    ['a list closed as an object', '{"response":[1},"isDisposed":true,"id":7}'],
    ['no end', '{"response":{"a":1},"isDisposed":true,"id":7]'],
    ['no id', '{"response":{"a":1},"isDisposed":true,"id":}'],
    ['something short', '{}'],
  ])('leaves %s to be parsed', (_, json) => {
    expect(scan(json)).toBeUndefined();
  });
});
