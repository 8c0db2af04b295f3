import { randomUUID } from 'node:crypto';

/** An id that nobody can guess and nothing else has: `newId('rsv')` is `rsv_0b6c…`. */
export function newId(prefix: string): string {
  return `${prefix}_${randomUUID().replaceAll('-', '')}`;
}
