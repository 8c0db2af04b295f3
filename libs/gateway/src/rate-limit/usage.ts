import { z } from 'zod';

const limitUsage = z.strictObject({
  window: z.enum(['burst', 'sustained', 'day', 'month', 'failures']),
  limit: z.int(),
  used: z.int(),
  remaining: z.int(),
  resetsAt: z.iso.datetime().describe('When counting begins anew'),
});

/** What a caller has used of their plan, limit by limit. */
export const usageAnswer = z.strictObject({ plan: z.string(), limits: z.array(limitUsage) });
export type Usage = z.infer<typeof usageAnswer>;
