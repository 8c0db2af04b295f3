import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';

import { headOf, readRequest } from './request-scan.js';
import { encodeRequest, readContext, readContextText } from './wire.js';

const peer = { timeLeftMs: 1_500, fields: true, first: true, times: true };
const texts = fc.string({ unit: 'binary' });
const call = fc.record(
  {
    pattern: texts,
    data: fc.oneof(fc.jsonValue(), fc.constant({ a: '},"data":{"id":1}' })),
    caller: fc.oneof(texts, fc.constant('},"data":1')),
    traceparent: texts,
    priority: fc.constantFrom('high', 'normal', 'low'),
    fields: fc.array(texts),
    first: fc.record({ list: texts, count: fc.nat() }),
    times: fc.boolean(),
    metadata: fc.dictionary(texts, texts),
  },
  { requiredKeys: ['pattern', 'data'] },
);

describe('readRequest', () => {
  test('reads what parsing the whole frame reads, whatever is sent', () => {
    fc.assert(
      fc.property(call, fc.nat(), fc.boolean(), (given, id, isOurs) => {
        const json = encodeRequest(given, id, isOurs ? peer : undefined);
        const whole = JSON.parse(json) as { facet?: unknown };
        const { context, facet, ...read } = readRequest(json);
        const { facet: sent, ...others } = whole;
        expect(read).toEqual(others);
        expect(context === undefined ? readContext(facet) : readContextText(context)).toEqual(
          readContext(sent),
        );
      }),
    );
  });

  test('leaves what goes along as text where the data is last', () => {
    const json = encodeRequest({ pattern: 'a.b', data: { c: 1 }, caller: 'me' }, 17, peer);
    expect(readRequest(json)).toEqual({
      pattern: 'a.b',
      id: 17,
      context: '{"timeLeft":1500,"caller":"me"}',
      data: { c: 1 },
    });
  });

  test.each([
    ['of a stock client', '{"pattern":"a","data":{"b":1},"id":"x"}'],
    ['with an id that is text', '{"pattern":"a","id":"7","data":1}'],
    ['with spaces', '{ "pattern":"a","id":7,"data":1 }'],
    ['with a key behind the data', '{"pattern":"a","id":7,"data":1,"metadata":{}}'],
    ['with data twice', '{"pattern":"a","id":7,"data":1,"data":2}'],
    ['with an escaped pattern', '{"pattern":"a\\u0062","id":7,"data":1}'],
    ['with a context that holds an object', '{"pattern":"a","id":7,"facet":{"x":{"y":1},"data":3},"data":1}'],
    ['with a context of another kind', '{"pattern":"a","id":7,"facet":[{"x":1}],"data":1}'],
    ['of an event', '{"pattern":"a","data":1}'],
  ])('parses a request %s', (_, json) => {
    const {
      context,
      facet = context === undefined ? undefined : (JSON.parse(context) as unknown),
      ...read
    } = readRequest(json);
    expect({ ...read, ...(facet === undefined ? {} : { facet }) }).toEqual(JSON.parse(json));
  });

  test.each([
    '{"pattern":"a","id":007,"data":1}',
    '{"pattern":"a","id":7,"data":}',
    '{"pattern":"a","id":7,"data":1',
    '{"pattern":"a","id":7,"data":1}}',
    '{"pattern":"a\u0001","id":7,"data":1}',
    '{"pattern":"',
    '[]',
    '{"pattern":"a","id":[7],"data":1}',
  ])('refuses %j', (json) => {
    expect(() => readRequest(json)).toThrow(expect.objectContaining({ code: 'transport.corrupt-frame' }));
  });
});

test.each([
  ['{"timeLeft":12,"priority":"high","caller":"x"}', { timeLeftMs: 12, priority: 'high' }],
  ['{"timeLeft":12,"caller":"\\"priority\\":"}', { timeLeftMs: 12, priority: 'normal' }],
  ['{"timeLeft":12}', { timeLeftMs: 12, priority: 'normal' }],
  ['{"timeLeft":12,"caller":"x","priority":"low"}', undefined],
  ['{"timeLeft":1.5}', undefined],
  ['{"caller":"x"}', undefined],
  ['{"timeLeft":-1}', undefined],
  ['{"timeLeft":"1"}', undefined],
])('of the context %s the head is %j', (context, head) => {
  expect(headOf(context)).toEqual(head);
});
