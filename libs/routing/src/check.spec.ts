import { id, query, service } from '@facet/contracts';
import { describe, expect, test } from '@jest/globals';
import { z } from 'zod';
import { checkInput } from './check.js';

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
