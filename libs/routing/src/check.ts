import type { Operation } from '@facet/contracts';
import type { FieldFault } from '@facet/platform';
import { fault } from './faults.js';

interface Issue {
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

function fieldFaults(issues: readonly Issue[]): readonly FieldFault[] {
  return issues.map(({ path, message }) => ({ field: path.map(String).join('.'), message }));
}
