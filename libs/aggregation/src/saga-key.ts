import { createHash } from 'node:crypto';
import type { Caller } from './aggregation.js';

export interface KeyParts {
  readonly saga: string;
  readonly key: string;
  readonly attempt: number;
  readonly caller: Caller | undefined;
}

/** What a service answers to a key that came with another input before: under it, another run may have done something. */
export const KEY_REUSED = 'idempotency.key-reused';

/**
 * The idempotency key of one command of a saga: always the same for the same caller, key and attempt, and never that of
 * another caller, or of the same for another customer, who happens to choose the same key. At most 170 printable characters.
 */
export function commandKey(parts: KeyParts, step: string, undo = false): string {
  const { saga, key, attempt, caller } = parts;
  const whose = [caller?.client ?? null, caller?.subject ?? null, caller?.customerId ?? null];
  const digest = createHash('sha256')
    .update(JSON.stringify([saga, whose, key, attempt, step, undo]))
    .digest('base64url');
  return `${saga}.${step}${undo ? '.undo' : ''}.${digest}`;
}
