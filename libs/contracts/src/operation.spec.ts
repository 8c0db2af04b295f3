import { describe, expect, test } from '@jest/globals';
import { expectTypeOf } from 'expect-type';
import { z } from 'zod';
import { command, query, service, type InputOf, type OutputOf } from './operation.js';

const shop = service('shop', {
  item: query({
    summary: 'One item',
    input: z.strictObject({ id: z.string(), depth: z.int().default(1) }),
    output: z.strictObject({ id: z.string(), name: z.string() }),
  }),
  buy: command({
    summary: 'Buys',
    input: z.strictObject({ idempotencyKey: z.string(), id: z.string() }),
    output: z.strictObject({ ok: z.boolean() }),
  }),
  ring: command({ summary: 'Rings', input: z.strictObject({}), output: z.strictObject({}) }),
});

describe('a contract', () => {
  test('names each operation by its service', () => {
    expect([shop.item.pattern, shop.buy.pattern]).toEqual(['shop.item', 'shop.buy']);
  });

  test('lets queries be repeated, and commands only where their input has an idempotency key', () => {
    expect([shop.item.repeatable, shop.buy.repeatable, shop.ring.repeatable]).toEqual([true, true, false]);
  });

  test('gives callers the input before its defaults and the output as it is', () => {
    expectTypeOf<InputOf<typeof shop.item>>().toEqualTypeOf<{ id: string; depth?: number | undefined }>();
    expectTypeOf<OutputOf<typeof shop.item>>().toEqualTypeOf<{ id: string; name: string }>();
  });

  test('cannot be changed afterwards', () => {
    expect(Object.isFrozen(shop.item)).toBe(true);
  });
});
