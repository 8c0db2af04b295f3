import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';

import { FrameDecoder } from './frame-decoder.js';

const MAX_BYTES = 1024 * 1024;

function frame(json: string): Buffer {
  return Buffer.from(`${json.length}#${json}`);
}

/** Feeds the pieces one by one, as reads would, all through the same buffer as a socket does it. */
function decode(pieces: Buffer[], maxBytes = MAX_BYTES): string[] {
  const frames: string[] = [];
  const decoder = new FrameDecoder(maxBytes, (bytes, start, end, ascii) => {
    frames.push(bytes.toString(ascii ? 'latin1' : 'utf8', start, end));
  });
  const shared = Buffer.alloc(64 * 1024);
  for (const piece of pieces) {
    for (let at = 0; at < piece.length; at += shared.length) {
      const length = piece.copy(shared, 0, at, at + shared.length);
      decoder.push(shared, length);
      shared.fill(0x58, 0, length);
    }
  }
  return frames;
}

function cut(bytes: Buffer, cuts: number[]): Buffer[] {
  const ends = [...new Set([...cuts.map((each) => each % (bytes.length + 1)), bytes.length])].sort(
    (a, b) => a - b,
  );
  return ends.map((end, index) => bytes.subarray(index === 0 ? 0 : ends[index - 1], end));
}

const text = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.string({ unit: 'binary-ascii' }),
  fc.string({ unit: fc.constantFrom('a', 'ü', '€', '😀', '#', '1'), maxLength: 300 }),
);

describe('FrameDecoder', () => {
  test('finds the same frames however the stream is cut', () => {
    fc.assert(
      fc.property(fc.array(text, { maxLength: 8 }), fc.array(fc.nat(), { maxLength: 12 }), (texts, cuts) => {
        const frames = texts.map((each) => JSON.stringify(each));
        expect(decode(cut(Buffer.concat(frames.map(frame)), cuts))).toEqual(frames);
      }),
      { numRuns: 1000 },
    );
  });

  test('finds frames that are cut at every single byte', () => {
    const frames = ['{"a":"plain"}', '"ü€😀"', `"${'€'.repeat(40)}😀"`, '{}', '""'];
    const bytes = Buffer.concat(frames.map(frame));
    expect(decode([...bytes].map((byte) => Buffer.of(byte)))).toEqual(frames);
    for (let at = 0; at <= bytes.length; at++) {
      expect(decode([bytes.subarray(0, at), bytes.subarray(at)])).toEqual(frames);
    }
  });

  test('finds large frames of any script across many reads', () => {
    const frames = ['x', 'ü', '€', '😀', 'naïve '].map((unit) => JSON.stringify(unit.repeat(100_000)));
    expect(decode([Buffer.concat(frames.map(frame))])).toEqual(frames);
  });

  test('keeps a lone surrogate, which a stock peer sends as the replacement character', () => {
    expect(decode([frame('"a\ud800b"')])).toEqual(['"a\ufffdb"']);
  });

  test.each([
    '#{}',
    'x',
    '1x#{}',
    '-1#{}',
    '+2#{}',
    ' 2#{}',
    '1.5#{}',
    '12345678901#{}',
    '{"pattern":1}',
    '\0',
  ])('refuses the header of %j', (garbage) => {
    expect(() => decode([Buffer.from(garbage)])).toThrow(
      expect.objectContaining({ code: 'transport.corrupt-frame' }),
    );
  });

  test('refuses a frame over the limit by its header alone', () => {
    expect(() => decode([Buffer.from('1001#')], 1000)).toThrow(
      expect.objectContaining({
        code: 'transport.frame-too-large',
        message: expect.stringContaining('1000'),
      }),
    );
  });

  test('refuses a frame whose bytes are over the limit though its units are not', () => {
    const bytes = frame(JSON.stringify('€'.repeat(900)));
    expect(() => decode(cut(bytes, [500]), 1000)).toThrow(
      expect.objectContaining({ code: 'transport.frame-too-large' }),
    );
  });

  test('refuses a length that ends in the middle of a surrogate pair', () => {
    expect(() => decode([Buffer.from('2#"😀"')])).toThrow(
      expect.objectContaining({ code: 'transport.corrupt-frame' }),
    );
  });

  test('survives any bytes: it finds frames or refuses, and always ends', () => {
    fc.assert(
      fc.property(
        fc.uint8Array({ maxLength: 400 }),
        fc.nat(200),
        fc.array(fc.nat(), { maxLength: 5 }),
        (bytes, n, cuts) => {
          const stream = Buffer.concat([Buffer.from(`${n}#`), bytes]);
          try {
            decode(cut(stream, cuts), 1000);
          } catch (error) {
            expect(['transport.corrupt-frame', 'transport.frame-too-large']).toContain(
              (error as { code: string }).code,
            );
          }
        },
      ),
      { numRuns: 2000 },
    );
  });
});
