import { id, query, service, type Operation } from '@facet/contracts';
import { compileReader } from '@facet/reader';
import { describe, expect, test } from '@jest/globals';
import { z } from 'zod';
import { checkInput } from './check.js';
import { asBadReply } from './faults.js';

const thingId = id('thing', { owner: 'nobody', schema: z.string() });
const { things } = service('shelf', {
  things: query({
    summary: 'Things',
    input: z.strictObject({ ids: z.array(thingId).max(2), page: z.int().default(1) }),
    output: z.strictObject({ items: z.array(z.strictObject({ id: z.string(), size: z.int().optional() })) }),
  }),
});

describe('an input', () => {
  test('gets its defaults', () => {
    expect(checkInput(things, { ids: ['a'] })).toEqual({ ids: ['a'], page: 1 });
  });

  test('is refused with every field that is wrong', () => {
    const refused = () => checkInput(things, { ids: ['a', 7], page: 'x' });
    expect(refused).toThrow(
      expect.objectContaining({
        code: 'input.invalid',
        status: 400,
        service: 'shelf',
        fields: [expect.objectContaining({ field: 'ids.1' }), expect.objectContaining({ field: 'page' })],
      }),
    );
  });
});

/** An answer as a call reads it from the wire. */
function checkOutput(operation: Operation, answer: unknown): unknown {
  try {
    return compileReader({ operation }).readText(JSON.stringify(answer) ?? '');
  } catch (error) {
    throw asBadReply(error, operation.service);
  }
}

describe('an answer of any service', () => {
  test('loses what the contract does not name, at every depth', () => {
    const answer = {
      items: [
        { id: 'a', secret: 1 },
        { id: 'b', size: 2, _v: 0 },
      ],
      debug: {},
    };
    expect(checkOutput(things, answer)).toEqual({ items: [{ id: 'a' }, { id: 'b', size: 2 }] });
  });

  test('never carries a prototype on', () => {
    const answer = JSON.parse(
      '{"items":[{"id":"a","__proto__":{"admin":true}}],"constructor":{"prototype":1}}',
    ) as object;
    const checked = checkOutput(things, answer);
    expect(JSON.stringify(checked)).toBe('{"items":[{"id":"a"}]}');
    expect((checked as { items: { admin?: boolean }[] }).items[0]?.admin).toBeUndefined();
  });

  test.each([
    [{ items: [{ id: 7 }] }],
    [{ items: [{ id: 'a', extra: 1 }, {}] }],
    [null],
    ['text'],
    [undefined],
    [[]],
  ])('%j is a bad reply', (answer) => {
    expect(() => checkOutput(things, answer)).toThrow(
      expect.objectContaining({ code: 'upstream.bad-reply', status: 502, policy: 'contract' }),
    );
  });
});
