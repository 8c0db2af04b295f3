import type { Operation } from '@facet/contracts';
import type { FieldFault } from '@facet/platform';
import { fault } from './faults.js';

interface Issue {
  readonly code?: string;
  readonly path: readonly PropertyKey[];
  readonly message: string;
}

/** The input with its defaults filled in. Throws `input.invalid` naming each field. */
export function checkInput(operation: Operation, input: unknown): unknown {
  const result = operation.input.safeParse(input);
  if (result.success) return result.data;
  const { service } = operation;
  throw fault('input.invalid', { service, policy: 'contract', fields: fieldFaults(result.error.issues) });
}

/**
 * What a service that does not check itself answered, held to the contract. Fields that the contract does not name
 * are cut off, as an existing service may well have more of them; anything else that differs is `upstream.bad-reply`.
 * `value` is freshly parsed JSON, and may be changed.
 */
export function checkOutput(operation: Operation, value: unknown): unknown {
  const first = operation.output.safeParse(value);
  if (first.success) return first.data;
  const surplus = first.error.issues.filter((issue) => issue.code === 'unrecognized_keys');
  for (const issue of surplus) cutKeys(value, issue);
  const second = surplus.length === 0 ? first : operation.output.safeParse(value);
  if (second.success) return second.data;
  const { service } = operation;
  throw fault('upstream.bad-reply', { service, policy: 'contract', cause: second.error });
}

function cutKeys(value: unknown, issue: Issue & { readonly keys?: readonly string[] }): void {
  const holder = issue.path.reduce<unknown>(
    (at, key) =>
      typeof at === 'object' && at !== null ? (at as Record<PropertyKey, unknown>)[key] : undefined,
    value,
  );
  if (typeof holder !== 'object' || holder === null) return;
  for (const key of issue.keys ?? []) delete (holder as Record<string, unknown>)[key];
}

function fieldFaults(issues: readonly Issue[]): readonly FieldFault[] {
  return issues.map(({ path, message }) => ({ field: path.map(String).join('.'), message }));
}
