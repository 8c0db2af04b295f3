import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { Cut } from './cut.js';
import { scratchWith } from './scratch.js';

test('what is kept of bytes is what was not dropped, and what is behind is not touched before it is read', () => {
  const stretches = fc.array(fc.tuple(fc.nat({ max: 9 }), fc.nat({ max: 9 })), { maxLength: 8 });
  fc.assert(
    fc.property(stretches, fc.nat({ max: 9 }), (all, rest) => {
      const length = all.reduce((sum, [keep, drop]) => sum + keep + drop, rest);
      const body = Buffer.from(Array.from({ length }, (_, at) => 32 + (at % 90)));
      const { bytes, view } = scratchWith(body);
      const cut = new Cut();
      cut.begin(bytes, view);
      const kept: Buffer[] = [];
      let at = 0;
      for (const [keep, drop] of all) {
        kept.push(body.subarray(at, at + keep));
        cut.drop(at + keep, at + keep + drop);
        at += keep + drop;
        expect(bytes.subarray(at, length).equals(body.subarray(at))).toBe(true);
      }
      kept.push(body.subarray(at));
      expect(bytes.toString('latin1', 0, cut.finish(length))).toBe(Buffer.concat(kept).toString('latin1'));
    }),
  );
});
