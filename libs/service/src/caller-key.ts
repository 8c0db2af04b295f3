import { createHash } from 'node:crypto';
import type { Caller } from '@facet/platform';

/**
 * Makes a command's idempotency key its caller's own: the same key from somebody else, or through another client, is
 * another key, so that nobody is ever given an answer that was somebody else's.
 */
export function withOwnKey<T>(input: T, { client, subject }: Caller): T {
  if (!hasKey(input)) return input;
  const whole = JSON.stringify([client, subject, input.idempotencyKey]);
  return { ...input, idempotencyKey: createHash('sha256').update(whole).digest('base64url') };
}

function hasKey<T>(input: T): input is T & { readonly idempotencyKey: string } {
  return typeof input === 'object' && input !== null && 'idempotencyKey' in input;
}
