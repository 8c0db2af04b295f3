import { describe, expect, test } from '@jest/globals';
import { expectTypeOf } from 'expect-type';
import { z } from 'zod';
import { changesOf, tellsOfChanges } from './changes.js';
import { id, type Id } from './id.js';
import { command, query, service, type InputOf, type OutputOf } from './operation.js';

const itemId = id('item', { owner: 'nobody', schema: z.string() });

const shop = service('shop', {
  item: query({
    summary: 'One item',
    input: z.strictObject({ id: itemId, depth: z.int().default(1) }),
    output: z.strictObject({ id: z.string(), name: z.string() }),
  }),
  buy: command({
    summary: 'Buys',
    input: z.strictObject({ idempotencyKey: z.string(), id: itemId }),
    output: z.strictObject({ ok: z.boolean() }),
  }),
  ring: command({ summary: 'Rings', input: z.strictObject({}), output: z.strictObject({}) }),
});

const plain = { summary: 'Plain', input: z.strictObject({}), output: z.strictObject({}) };

describe('a contract', () => {
  test('names each operation by its service', () => {
    expect([shop.item.pattern, shop.buy.pattern]).toEqual(['shop.item', 'shop.buy']);
  });

  test('lets queries be repeated, and commands only where their input has an idempotency key', () => {
    expect([shop.item.repeatable, shop.buy.repeatable, shop.ring.repeatable]).toEqual([true, true, false]);
  });

  test('is asked for by its own message pattern, and called by its name', () => {
    const users = service('users', {
      get: query({ ...plain, message: { cmd: 'users.get', v: 2 } }),
      find: query({ ...plain, message: 'find_users' }),
    });
    expect(users.get).toMatchObject({ pattern: 'users.get', message: { cmd: 'users.get', v: 2 } });
    expect(users.find).toMatchObject({ pattern: 'users.find', message: 'find_users' });
  });

  test.each([
    [
      {
        a: query({ ...plain, message: { cmd: 'x', v: 1 } }),
        b: query({ ...plain, message: { v: 1, cmd: 'x' } }),
      },
    ],
    [{ a: query({ ...plain, message: 'users.b' }), b: query(plain) }],
  ])('has each message pattern once, whichever the order of its keys', (operations) => {
    expect(() => service('users', operations as never)).toThrow(/^users: a and b both have the pattern /);
  });

  test.each([
    [''],
    [{}],
    [['a']],
    [{ cmd: null }],
    [{ a: { a: { a: { a: { a: { a: { a: 1 } } } } } } }],
    [7],
  ])('refuses the message pattern %j, which Nest would not tell from others', (message) => {
    expect(() => query({ ...plain, message: message as never })).toThrow('"Plain": message: expected a text');
  });

  test('says which of several values are the answer', () => {
    expect(query({ ...plain, values: 'last' }).values).toBe('last');
    expect(() => query({ ...plain, values: 'some' as never })).toThrow(
      '"Plain": values: got some, expected first, last or all',
    );
  });

  test('gives callers the input before its defaults and the output as it is', () => {
    expectTypeOf<InputOf<typeof shop.item>>().toEqualTypeOf<{
      id: Id<'item'>;
      depth?: number | undefined;
    }>();
    expectTypeOf<OutputOf<typeof shop.item>>().toEqualTypeOf<{ id: string; name: string }>();
  });

  test('cannot be changed afterwards', () => {
    expect(Object.isFrozen(shop.item)).toBe(true);
  });
});

describe('the tags of an answer', () => {
  const tagged = (tag: string) => () =>
    query({
      summary: 'One item',
      input: z.strictObject({ id: itemId }),
      output: z.string(),
      freshness: { ttlMs: 1_000, tags: [tag] },
    });

  test.each(['items', 'item:{id}'])('may be %s', (tag) => {
    expect(tagged(tag)().freshness?.tags).toEqual([tag]);
  });

  test('may not name what the input does not have, or nobody would ever be told of it', () => {
    expect(tagged('item:{key}')).toThrow('"One item": the tag "item:{key}" names "key"');
    expect(tagged('{id}:{id}')).toThrow('may name one field');
  });

  test('make it known that the service tells of changes', () => {
    expect(tellsOfChanges(service('a', { item: tagged('items')() }))).toBe(true);
    expect(tellsOfChanges(shop)).toBe(false);
    expect(changesOf('a').pattern).toBe('a.answer-changes');
    expect(changesOf('a')).toBe(changesOf('a'));
  });
});
