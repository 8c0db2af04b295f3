import type { IncomingHttpHeaders } from 'node:http';
import { idempotencyKey } from '@facet/contracts';
import { Fault } from '@facet/platform';

export const KEY_HEADER = 'Idempotency-Key';

/** The problems that a route with an `Idempotency-Key` may answer with, by code. */
export const keyProblems = {
  'idempotency.key-missing': 400,
  'idempotency.key-malformed': 400,
  'idempotency.in-progress': 409,
  'idempotency.key-reused': 422,
} as const;

/**
 * The client's own key for what it asks (draft-ietf-httpapi-idempotency-key-header): 8 to 200 printable characters, with
 * or without the quotes that the draft has. It is the caller's alone: what is done under it is keyed by both.
 *
 * @throws Fault 400 `idempotency.key-missing`, `idempotency.key-malformed`
 */
export function idempotencyKeyOf(headers: IncomingHttpHeaders): string {
  const header = headers['idempotency-key'];
  if (header === undefined || header === '') {
    throw new Fault('idempotency.key-missing', 400, `Send an ${KEY_HEADER}, a new one for each thing to do.`);
  }
  const text = [header].flat().join(', ');
  const parsed = idempotencyKey.safeParse(/^"(.*)"$/.exec(text)?.[1] ?? text);
  if (parsed.success) return parsed.data;
  throw new Fault(
    'idempotency.key-malformed',
    400,
    `An ${KEY_HEADER} is 8 to 200 printable ASCII characters without spaces.`,
  );
}
