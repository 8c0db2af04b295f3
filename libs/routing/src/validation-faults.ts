import type { FieldFault } from '@facet/platform';

const MAX_FAULTS = 20;
const MAX_DEPTH = 8;
const MAX_TEXT = 300;

/**
 * What Nest's ValidationPipe found, where a service passes on the `ValidationError`s of class-validator as they are: each
 * with a `property`, and its texts in `constraints` or those of its fields in `children`. Undefined for anything else.
 * The values that were refused stand there too and are left out.
 */
export function validationFaults(errors: unknown): readonly FieldFault[] | undefined {
  if (!Array.isArray(errors) || errors.length === 0) return undefined;
  const faults: FieldFault[] = [];
  return collect(errors, '', faults) && faults.length > 0 ? faults : undefined;
}

function collect(errors: readonly unknown[], above: string, faults: FieldFault[], depth = 0): boolean {
  for (const each of errors) {
    const { property, constraints, children } = asObject(each);
    if (typeof property !== 'string' || depth > MAX_DEPTH) return false;
    const field = above === '' ? property : `${above}.${property}`;
    for (const text of Object.values(asObject(constraints))) {
      if (faults.length >= MAX_FAULTS) return true;
      if (typeof text === 'string') faults.push({ field, message: text.slice(0, MAX_TEXT) });
    }
    if (Array.isArray(children) && !collect(children, field, faults, depth + 1)) return false;
  }
  return true;
}

function asObject(value: unknown): Record<string, unknown> {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
}
