import { describe, expect, test } from '@jest/globals';
import { z } from 'zod';
import { query, service } from './operation.js';
import { selection, selectionOf } from './selection.js';

const { list, open } = service('shelf', {
  list: query({
    summary: 'Things',
    input: z.strictObject({}),
    output: z.strictObject({
      total: z.int(),
      hero: z.strictObject({ id: z.string() }).nullable().optional(),
      items: z.array(z.strictObject({ id: z.string(), tags: z.array(z.strictObject({ name: z.string() })) })),
    }),
  }),
  open: query({
    summary: 'Anything',
    input: z.strictObject({}),
    output: z.looseObject({ some: z.record(z.string(), z.unknown()) }),
  }),
});

describe('a selection', () => {
  test('keeps what it was made of, and nobody changes it afterwards', () => {
    const fields = ['items.tags.name', 'hero.id'];
    const made = selection(list, { fields, first: { list: 'items', count: 3 }, opaque: true });
    fields.push('total');
    expect(made).toEqual({
      operation: list,
      fields: ['items.tags.name', 'hero.id'],
      first: { list: 'items', count: 3 },
      opaque: true,
    });
    expect(Object.isFrozen(made) && Object.isFrozen(made.fields)).toBe(true);
  });

  test('is of the whole value where nothing is said', () => {
    expect(selection(list)).toEqual({ operation: list, opaque: false });
  });

  test.each([
    [{ fields: ['items.size'] }, 'shelf.list: fields: its output has no "items.size"'],
    [{ fields: ['hero.name'] }, 'shelf.list: fields: its output has no "hero.name"'],
    [{ fields: ['items..id'] }, 'shelf.list: fields: got "items..id", expected names with dots between them'],
    [{ fields: ['a.__proto__'] }, 'shelf.list: fields: got "a.__proto__"'],
    [{ fields: ['constructor'] }, 'shelf.list: fields: its output has no "constructor"'],
    [{ first: { list: 'total', count: 1 } }, 'shelf.list: first.list: "total" is no list of its output'],
    [{ first: { list: 'things', count: 1 } }, 'shelf.list: first.list: its output has no "things"'],
    [
      { first: { list: 'items', count: 0 } },
      'shelf.list: first.count: got 0, expected a whole number from 1',
    ],
    [{ first: { list: 'items', count: 1.5 } }, 'shelf.list: first.count: got 1.5'],
  ])('of %j is refused: %s', (options, message) => {
    expect(() => selection(list, options)).toThrow(message);
  });

  test('believes a path that leads to where the contract names no fields', () => {
    expect(selection(open, { fields: ['some.key.deep', 'other'] }).fields).toHaveLength(2);
  });

  test('is the same one for the same fields named again, and another for others', () => {
    const one = selectionOf(list, { fields: ['total'] });
    expect(selectionOf(list, { fields: ['total'] })).toBe(one);
    expect(selectionOf(list, { fields: ['total'], opaque: true })).not.toBe(one);
    expect(selectionOf(list, {})).not.toBe(selectionOf(list, { fields: [] }));
  });

  test('is another one for one field with a comma than for the two', () => {
    const odd = service('odd', {
      list: query({
        summary: 'A list',
        input: z.strictObject({}),
        output: z.strictObject({ 'a,b': z.string(), a: z.string(), b: z.string() }),
      }),
    }).list;
    expect(selectionOf(odd, { fields: ['a,b'] })).not.toBe(selectionOf(odd, { fields: ['a', 'b'] }));
  });

  test('made for ever new fields is not kept for ever', () => {
    const fields = (n: number) => ({
      fields: ['total', 'hero.id', 'items.id'].flatMap((each) => Array<string>(n).fill(each)),
    });
    for (let n = 1; n <= 100; n += 1) selectionOf(list, fields(n));
    expect(selectionOf(list, fields(100))).not.toBe(selectionOf(list, fields(100)));
    expect(selectionOf(list, fields(1))).toBe(selectionOf(list, fields(1)));
  });
});
