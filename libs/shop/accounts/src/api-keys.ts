import { command, customerId, id, idempotencyKey, query, text, timestamp } from '@facet/contracts';
import { z } from 'zod';

/** SHA-256 of a key in base64url. The key itself never reaches a service: its maker shows it once. */
const keyHash = z.string().regex(/^[\w-]{43}$/, 'a SHA-256 digest in base64url');

const coordinate = z.string().regex(/^[\w-]{43}$/, '32 bytes in base64url');

/** A public key that a partner signs its requests with: Ed25519 or P-256, as a JWK. */
const signingKey = z.discriminatedUnion('kty', [
  z.strictObject({ kty: z.literal('OKP'), crv: z.literal('Ed25519'), x: coordinate }),
  z.strictObject({
    kty: z.literal('EC'),
    crv: z.literal('P-256'),
    x: coordinate,
    y: coordinate,
  }),
]);

const scopes = z
  .array(
    z
      .string()
      .max(64)
      .regex(/^[a-z]+:[a-z]+$/, 'like orders:read'),
  )
  .max(20);

const apiKeyId = id('api-key', { owner: 'customer' });
const partner = id('partner', { owner: 'nobody' });
const plan = id('plan', { owner: 'nobody' });

export const apiKey = z.strictObject({
  id: apiKeyId,
  /** Whom it was given to. */
  partner,
  /** The customer that the partner buys as. */
  customerId: customerId.nullable(),
  scopes,
  plan,
  /** Its last characters, to recognise it by. */
  hint: z.string().max(16),
  signingKey: signingKey.nullable(),
  createdAt: timestamp,
  expiresAt: timestamp.nullable(),
  revokedAt: timestamp.nullable(),
  /** The key that takes its place. */
  replacedBy: apiKeyId.nullable(),
});
export type StoredApiKey = z.infer<typeof apiKey>;

const operator = { roles: ['operator'], owner: { anybody: 'operators manage the keys of every partner' } };
const hint = text(16).min(1);
const notFound = { 'accounts.api-key-not-found': 404 } as const;

/** What `accounts` promises about the keys of partners. */
export const apiKeyOperations = {
  apiKeyByHash: query({
    summary: 'The key with a hash, whatever has become of it; null where there is none',
    access: { gatewayOnly: true },
    input: z.strictObject({ hash: keyHash }),
    output: z.strictObject({ key: apiKey.nullable() }),
  }),
  apiKeys: query({
    summary: 'All keys, or those of one partner, newest first',
    access: operator,
    input: z.strictObject({ partner: partner.optional() }),
    output: z.strictObject({ items: z.array(apiKey) }),
  }),
  issueApiKey: command({
    summary: 'Makes a key known',
    access: operator,
    input: z.strictObject({
      idempotencyKey,
      hash: keyHash,
      hint,
      partner,
      customerId: customerId.optional(),
      scopes,
      plan,
      signingKey: signingKey.optional(),
      expiresAt: timestamp.optional(),
    }),
    output: apiKey,
    errors: { 'accounts.customer-not-found': 404, 'accounts.api-key-exists': 409 },
  }),
  rotateApiKey: command({
    summary: 'Makes the successor of a key known; both are good until the old one expires',
    access: operator,
    input: z.strictObject({
      idempotencyKey,
      id: apiKeyId,
      hash: keyHash,
      hint,
      overlapSeconds: z
        .int()
        .min(0)
        .max(30 * 86_400),
    }),
    output: z.strictObject({ issued: apiKey, retiring: apiKey }),
    errors: { ...notFound, 'accounts.api-key-not-live': 409, 'accounts.api-key-exists': 409 },
  }),
  revokeApiKey: command({
    summary: 'Ends a key at once; doing so twice changes nothing',
    access: operator,
    input: z.strictObject({ idempotencyKey, id: apiKeyId }),
    output: apiKey,
    errors: notFound,
  }),
};
