import { z } from 'zod';
import type { Schema } from './schema.js';

/** Whether zod takes a value and leaves it as it is. A check that throws or wants to wait says no: what comes next asks again. */
export function leafTest(schema: Schema): (value: unknown) => boolean {
  let compiled: Schema | undefined;
  return (value) => {
    try {
      compiled ??= z.compile(schema);
      const parsed = z.safeParse(compiled, value);
      return parsed.success && parsed.data === value;
    } catch {
      return false;
    }
  };
}
