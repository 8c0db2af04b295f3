import { z } from 'zod';

/** An amount in the currency's minor unit: 1999 EUR is 19.99 €. */
export const money = z
  .strictObject({
    amount: z.int().nonnegative(),
    currency: z.string().regex(/^[A-Z]{3}$/),
  })
  .meta({ title: 'Money' });
export type Money = z.infer<typeof money>;

/**
 * Anything but control characters and halves of surrogate pairs; spelt so that it means the same with and without the
 * flag `u`, as readers of a JSON schema differ in that.
 */
// eslint-disable-next-line no-control-regex -- these are what it is here to refuse
const WELL_FORMED = /^(?:[^\u0000-\u001f\u007f-\u009f\ud800-\udfff]|[\ud800-\udbff][\udc00-\udfff])*$/;

/**
 * What people write on one line, up to `max` UTF-16 units: a name, a street, words to search by. What PostgreSQL cannot
 * store (U+0000) or would change (half of a surrogate pair) is refused before it gets there.
 */
export function text(max: number): z.ZodString {
  return z
    .string()
    .max(max, { abort: true })
    .regex(WELL_FORMED, 'well-formed text without control characters');
}

export const page = z.int().min(1).max(10_000).default(1);
export const pageSize = z.int().min(1).max(100).default(20);

/** Chosen by the client that sends a command; the same key again gives the first answer again and does nothing. */
export const idempotencyKey = z
  .string()
  .min(8)
  .max(200)
  .regex(/^[\x21-\x7e]+$/, 'printable ASCII without spaces');

/** What every list says about where in the whole it stands. */
export const pageInfo = {
  page: z.int(),
  pageSize: z.int(),
  total: z.int(),
};

export const timestamp = z.iso.datetime();

/** A place in a list that keeps its meaning while the list grows. Opaque to the client. */
export const cursor = text(200).min(1);
