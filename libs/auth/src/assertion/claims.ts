import type { Caller } from '@facet/contracts';
import { z } from 'zod';

/** What an assertion says: RFC 7519's registered claims, and the caller's fields under their own names. */
export const claims = z.strictObject({
  iss: z.string().min(1),
  aud: z.string().min(1),
  sub: z.string().min(1),
  iat: z.int(),
  exp: z.int(),
  kind: z.enum(['user', 'client']),
  client: z.string().min(1),
  scopes: z.array(z.string()),
  roles: z.array(z.string()),
  customerId: z.string().optional(),
  plan: z.string().optional(),
  credential: z.enum(['session', 'bearer', 'api-key', 'client-credentials', 'gateway']),
});
export type Claims = z.infer<typeof claims>;

/** The caller's part of the claims, in a fixed order: equal callers give equal JSON. */
export function claimsOf(caller: Caller): Omit<Claims, 'iss' | 'aud' | 'iat' | 'exp'> {
  const { subject, kind, client, scopes, roles, customerId, plan, credential } = caller;
  return {
    sub: subject,
    kind,
    client,
    scopes: [...scopes],
    roles: [...roles],
    ...(customerId === undefined ? {} : { customerId }),
    ...(plan === undefined ? {} : { plan }),
    credential,
  };
}

export function callerOf({ sub, kind, client, scopes, roles, customerId, plan, credential }: Claims): Caller {
  return Object.freeze({
    subject: sub,
    kind,
    client,
    scopes: Object.freeze(scopes),
    roles: Object.freeze(roles),
    ...(customerId === undefined ? {} : { customerId }),
    ...(plan === undefined ? {} : { plan }),
    credential,
  });
}
