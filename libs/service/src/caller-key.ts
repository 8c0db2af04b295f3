import { createHash } from 'node:crypto';
import type { Caller } from '@facet/contracts';

/**
 * Makes a command's idempotency key its caller's own: the same key of another caller, through another client, proven in
 * another way or for another customer, is another key, so that no caller is ever given the answer to another's command.
 */
export function withOwnKey<T>(input: T, { credential, client, subject, customerId }: Caller): T {
  if (!hasKey(input)) return input;
  const whole = JSON.stringify([credential, client, subject, customerId, input.idempotencyKey]);
  return { ...input, idempotencyKey: createHash('sha256').update(whole).digest('base64url') };
}

function hasKey<T>(input: T): input is T & { readonly idempotencyKey: string } {
  return typeof input === 'object' && input !== null && 'idempotencyKey' in input;
}
