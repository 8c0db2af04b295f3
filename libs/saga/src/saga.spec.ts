import { describe, expect, test } from '@jest/globals';
import { expectTypeOf } from 'expect-type';
import { z } from 'zod';
import { inventory } from '../test/contracts.js';
import type { checkout } from '../test/shop.js';
import { saga } from './index.js';

/** Declarations that must not compile are never carried out. */
const never = (_declaration: () => unknown): void => undefined;

describe('a declaration', () => {
  test.each([
    [
      'a saga without a step',
      () => saga('s', { input: z.strictObject({}) }).result(() => 1),
      'at least one step',
    ],
    [
      'a saga whose step is no command',
      () =>
        saga('s', { input: z.strictObject({}) }).step('one', inventory.levels as never, {
          input: () => ({}),
        }),
      's, step "one": inventory.levels is not a command with an idempotencyKey',
    ],
  ])('of %s is refused, and names what is wrong', (_, declare, message) => {
    expect(declare).toThrow(message);
  });
});

describe('the types of a saga', () => {
  test('make a step from those before it', () => {
    expectTypeOf<ReturnType<(typeof checkout)['result']>['payment']>().toEqualTypeOf<
      'authorised' | 'captured' | 'voided' | 'expired' | 'refunded'
    >();
    const begun = saga('test', { input: z.strictObject({}) });
    never(() =>
      begun.step('commit', inventory.commit, {
        // @ts-expect-error: nothing was reserved
        input: ({ reserve }) => ({ reservationId: (reserve as { reservationId: string }).reservationId }),
      }),
    );
  });

  test('refuse a query as a step', () => {
    const begun = saga('test', { input: z.strictObject({}) });
    never(() =>
      // @ts-expect-error: a query changes nothing
      begun.step('look', inventory.levels, { input: () => ({ ids: ['a'] }) }),
    );
  });

  test('hold a compensation to the input of its command', () => {
    const begun = saga('test', { input: z.strictObject({}) });
    never(() =>
      begun.step('reserve', inventory.reserve, {
        input: () => ({ lines: [] }),
        compensate: {
          by: inventory.release,
          // @ts-expect-error: a reservation has no such id
          input: ({ reserve }) => ({ reservationId: reserve.id as string }),
        },
      }),
    );
  });
});
