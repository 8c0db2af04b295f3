import { cursor } from '@facet/contracts';
import { z } from 'zod';

const places = z.strictObject({ orders: cursor, prices: cursor });
type Places = z.output<typeof places>;

/** Where a phone stands in all that it follows, as one text that means nothing to it. */
export const syncToken = z
  .string()
  .max(600)
  .transform((text, context): Places => {
    const parsed = places.safeParse(jsonOf(text));
    if (parsed.success) return parsed.data;
    context.addIssue({ code: 'custom', message: 'It is no token that an earlier answer gave as "next".' });
    return z.NEVER;
  });

export function writeSyncToken(at: Places): string {
  return Buffer.from(JSON.stringify(at)).toString('base64url');
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(Buffer.from(text, 'base64url').toString('utf8'));
  } catch {
    return undefined;
  }
}
