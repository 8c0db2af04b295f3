import { z } from 'zod';
import { leafTest } from './leaf-test.js';
import { checksOf, hasCondition } from './schema.js';

/** What a number must be. */
export interface NumberRule {
  readonly isInteger: boolean;
  /** Comparisons that all must hold: `['>=', 1]`. */
  readonly limits: readonly (readonly ['>=' | '>' | '<=' | '<', number])[];
  /** Everything else, by zod. */
  readonly test: ((value: unknown) => boolean) | undefined;
}

const FREE: NumberRule = { isInteger: false, limits: [], test: undefined };

/** The rule of a number that is read; of one that is not, any number. A text says why there is none. */
export function numberRule(schema: z.core.$ZodNumber, isRead: boolean): NumberRule | string {
  if (!isRead) return FREE;
  if (schema._zod.def.coerce) return 'a coercion';
  const limits: NumberRule['limits'][number][] = [];
  let isInteger = false;
  let isKnown = true;
  for (const check of checksOf(schema)) {
    const def = check._zod.def as z.core.$ZodChecks['_zod']['def'];
    if (hasCondition(check)) isKnown = false;
    else if (def.check === 'greater_than') limits.push([def.inclusive ? '>=' : '>', Number(def.value)]);
    else if (def.check === 'less_than') limits.push([def.inclusive ? '<=' : '<', Number(def.value)]);
    else if (def.check === 'number_format') {
      isInteger ||= def.format.includes('int');
      if (def.format !== 'safeint' && def.format !== 'float64') limits.push(...rangeOf(def.format));
    } else if (def.check === 'overwrite') return 'a transform';
    else isKnown = false;
  }
  return { isInteger, limits, test: isKnown ? undefined : leafTest(schema) };
}

function rangeOf(format: z.core.$ZodNumberFormats): NumberRule['limits'] {
  const [min, max] = z.util.NUMBER_FORMAT_RANGES[format];
  return [
    ['>=', min],
    ['<=', max],
  ];
}
