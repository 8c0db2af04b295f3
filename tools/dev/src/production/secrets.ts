import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';

/** The secrets of a site. None of them is one of development's. */
export interface Secrets {
  /** The private key of each gateway, a JWK as JSON: `ASSERTION_KEY`. */
  readonly assertionKeys: Readonly<Record<string, string>>;
  /** What services know of them, a JWKS as JSON: `ASSERTION_PUBLIC_KEYS`. */
  readonly publicKeys: string;
  /** Of each gateway at the issuer: `OIDC_CLIENT_SECRET`. */
  readonly clientSecrets: Readonly<Record<string, string>>;
  /** Passwords of what is no app: the database, Grafana. */
  readonly others: Readonly<Record<string, string>>;
}

/** Those of the file, which only its owner can read; made where there is none, or one for other gateways. */
export function secretsIn(file: string, gateways: readonly string[]): Secrets {
  if (existsSync(file)) {
    const kept = JSON.parse(readFileSync(file, 'utf8')) as Secrets;
    if (gateways.every((name) => kept.assertionKeys[name] !== undefined)) return kept;
  }
  const made = makeSecrets(gateways);
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
  writeFileSync(file, JSON.stringify(made), { mode: 0o600 });
  return made;
}

export function makeSecrets(gateways: readonly string[]): Secrets {
  const pairs = gateways.map((name) => {
    const { kty, crv, x, d } = generateKeyPairSync('ed25519').privateKey.export({ format: 'jwk' });
    return { name, own: JSON.stringify({ kty, crv, x, d }), shown: { kty, crv, x } };
  });
  return {
    assertionKeys: Object.fromEntries(pairs.map(({ name, own }) => [name, own])),
    publicKeys: JSON.stringify({ keys: pairs.map(({ shown }) => shown) }),
    clientSecrets: Object.fromEntries(gateways.map((name) => [name, randomBytes(32).toString('base64url')])),
    others: Object.fromEntries(
      ['database', 'grafana'].map((name) => [name, randomBytes(24).toString('hex')]),
    ),
  };
}
