import {
  createHash,
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  type KeyObject,
} from 'node:crypto';
import { z } from 'zod';

/** An Ed25519 key of RFC 8037; with `d` it is the private one. */
const jwk = z.object({
  kty: z.literal('OKP'),
  crv: z.literal('Ed25519'),
  x: z.string().regex(/^[\w-]{43}$/),
  d: z
    .string()
    .regex(/^[\w-]{43}$/)
    .optional(),
  kid: z.string().optional(),
});
type Jwk = z.infer<typeof jwk>;

export interface SigningKey {
  readonly id: string;
  readonly privateKey: KeyObject;
}

export interface VerifyingKey {
  readonly id: string;
  readonly publicKey: KeyObject;
}

/** How a key is called that was made for development, so that production can refuse it. */
const DEVELOPMENT = 'development';

/** A new private key as a JWK in one line of JSON, as `ASSERTION_KEY` takes it. */
export function generateAssertionKey({ forDevelopment = false } = {}): string {
  const { kty, crv, x, d } = generateKeyPairSync('ed25519').privateKey.export({ format: 'jwk' });
  return JSON.stringify({ kty, crv, ...(forDevelopment ? { kid: DEVELOPMENT } : {}), x, d });
}

/** Whether the text, a JWK or a JWKS, has a key that was made for development. */
export function hasDevelopmentKey(text: string): boolean {
  const { kid, keys = [] } = JSON.parse(text) as { kid?: string; keys?: readonly { kid?: string }[] };
  return kid === DEVELOPMENT || keys.some((key) => key.kid === DEVELOPMENT);
}

/** The public part of a private JWK as a JWKS in one line of JSON, as `ASSERTION_PUBLIC_KEYS` takes it. */
export function publicAssertionKeys(...privateJwks: string[]): string {
  return JSON.stringify({
    keys: privateJwks.map((text) => {
      const key = jwk.parse(JSON.parse(text));
      return { kty: key.kty, crv: key.crv, kid: key.kid ?? thumbprint(key), x: key.x };
    }),
  });
}

/** @throws SyntaxError or ZodError where the text is not a private Ed25519 JWK */
export function signingKey(text: string): SigningKey {
  const key = jwk.required({ d: true }).parse(JSON.parse(text));
  const privateKey = createPrivateKey({ key, format: 'jwk' });
  return { id: thumbprint(key), privateKey };
}

/**
 * The keys of a JWKS. A private key among them is refused: a service that holds one could speak for everybody.
 *
 * @throws SyntaxError or ZodError where the text is not a JWKS of public Ed25519 keys
 */
export function verifyingKeys(text: string): VerifyingKey[] {
  const { keys } = z
    .object({ keys: z.array(jwk.extend({ d: z.undefined().optional() })).min(1) })
    .parse(JSON.parse(text));
  return keys.map((key) => ({ id: thumbprint(key), publicKey: createPublicKey({ key, format: 'jwk' }) }));
}

/** RFC 7638, section 3: the key's name follows from the key, so nobody has to agree on one. */
function thumbprint({ crv, kty, x }: Jwk): string {
  return createHash('sha256').update(JSON.stringify({ crv, kty, x })).digest('base64url');
}
