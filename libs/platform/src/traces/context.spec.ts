import { describe, expect, test } from '@jest/globals';
import { continueTrace, formatTraceparent, parseTraceparent } from './context.js';

const traceId = '0af7651916cd43dd8448eb211c80319c';
const spanId = 'b7ad6b7169203331';

describe('a traceparent', () => {
  test('is read as the standard writes it', () => {
    expect(parseTraceparent(`00-${traceId}-${spanId}-01`)).toEqual({ traceId, spanId, sampled: true });
    expect(parseTraceparent(`00-${traceId}-${spanId}-02`)?.sampled).toBe(false);
  });

  test('of a later version is read as far as it is known', () => {
    expect(parseTraceparent(`cc-${traceId}-${spanId}-01-what-comes-later`)).toEqual({
      traceId,
      spanId,
      sampled: true,
    });
  });

  test.each([
    ['nothing', undefined],
    ['an empty one', ''],
    ['the forbidden version', `ff-${traceId}-${spanId}-01`],
    ['more fields than version 00 has', `00-${traceId}-${spanId}-01-x`],
    ['a trace of zeros', `00-${'0'.repeat(32)}-${spanId}-01`],
    ['a span of zeros', `00-${traceId}-${'0'.repeat(16)}-01`],
    ['upper case', `00-${traceId.toUpperCase()}-${spanId}-01`],
    ['a short trace', `00-${traceId.slice(1)}-${spanId}-01`],
    ['white space', ` 00-${traceId}-${spanId}-01`],
    ['two in one', `00-${traceId}-${spanId}-01,00-${traceId}-${spanId}-01`],
  ])('is not taken from %s', (_, header) => {
    expect(parseTraceparent(header)).toBeUndefined();
  });

  test('is continued with a span of our own', () => {
    const ours = continueTrace(`00-${traceId}-${spanId}-00`);
    expect(ours).toMatchObject({ traceId, sampled: false });
    expect(ours.spanId).not.toBe(spanId);
    expect(ours.parentSpanId).toBe(spanId);
    expect(ours).toMatchObject(parseTraceparent(formatTraceparent(ours)) ?? {});
  });

  test('starts anew where there is none, differently each time', () => {
    const [one, two] = [continueTrace(undefined), continueTrace('nonsense')];
    expect(one.parentSpanId).toBeUndefined();
    expect(one).toMatchObject(parseTraceparent(formatTraceparent(one)) ?? {});
    expect(one.traceId).not.toBe(two.traceId);
  });
});
