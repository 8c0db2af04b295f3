import { z } from 'zod';

/** What a page may know of its user. */
export const userAnswer = z.strictObject({
  subject: z.string(),
  name: z.string().optional(),
  email: z.string().optional(),
  roles: z.array(z.string()),
  customerId: z.string().optional(),
  session: z.strictObject({ id: z.string(), endsAt: z.iso.datetime().describe('Unless it idles before') }),
});

export const logoutAnswer = z.strictObject({
  location: z.string().nullable().describe("Where the issuer's own session may be ended too"),
});

export const sessionsAnswer = z.strictObject({
  items: z.array(
    z.strictObject({
      id: z.string(),
      device: z.string().describe('The User-Agent that it was begun with'),
      createdAt: z.iso.datetime(),
      lastSeenAt: z.iso.datetime(),
      current: z.boolean(),
    }),
  ),
});

export const endedAnswer = z.strictObject({ ended: z.int().describe('How many sessions') });

/** The JSON schema of an answer, for the gateway's document. */
export function schemaOf(answer: z.ZodType): Readonly<Record<string, unknown>> {
  const { $schema: _, ...json } = z.toJSONSchema(answer);
  return json;
}
