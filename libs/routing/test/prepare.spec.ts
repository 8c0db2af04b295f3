import { query, selection, service } from '@facet/contracts';
import { afterEach, expect, test } from '@jest/globals';
import { z } from 'zod';
import { createUpstreams, staticList, type Upstreams } from '../src/index.js';

let upstreams: Upstreams;
afterEach(() => upstreams.close());

const { plain, named } = service('shelf', {
  plain: query({ summary: 'One', input: z.strictObject({}), output: z.strictObject({ a: z.string() }) }),
  named: query({
    summary: 'One',
    input: z.strictObject({}),
    output: z.strictObject({ a: z.record(z.string(), z.string()) }),
  }),
});

test('a start learns how answers are read, before the first call reads one', () => {
  upstreams = createUpstreams({ shelf: { discovery: staticList(['127.0.0.1:1']) } });
  const [one, other] = upstreams.prepare([selection(plain), selection(named)]);
  expect(one).toEqual({ operation: 'shelf.plain', way: 'compiled', leftToZod: [] });
  expect(other?.operation).toBe('shelf.named');
  expect(other?.leftToZod.map(({ field }) => field)).toEqual(['a']);
});

test('a start that reads answers of a service which is not configured is told so', () => {
  upstreams = createUpstreams({});
  expect(() => upstreams.prepare([selection(plain)])).toThrow('No upstream "shelf" is configured here');
});
