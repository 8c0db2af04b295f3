import { createPublicKey, type KeyObject } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type { InputOf } from '@facet/contracts';
import type { accounts } from '@facet/shop-accounts';

export type SigningKey = NonNullable<InputOf<typeof accounts.issueApiKey>['signingKey']>;

/** The public key in a file, as a JWK; the error names the option and the file. */
export function readSigningKey(file: string): SigningKey {
  const { kty, crv, x = '', y = '' } = publicKeyIn(file).export({ format: 'jwk' });
  if (kty === 'OKP' && crv === 'Ed25519') return { kty, crv, x };
  if (kty === 'EC' && crv === 'P-256') return { kty, crv, x, y };
  throw new Error(`--signing-key ${file}: expected an Ed25519 or a P-256 key`);
}

function publicKeyIn(file: string): KeyObject {
  try {
    return createPublicKey(readFileSync(file));
  } catch (cause) {
    const { code, message } = cause as NodeJS.ErrnoException;
    const why = code === 'ENOENT' ? 'there is no such file' : 'there is no public key in PEM in it';
    throw new Error(`--signing-key ${file}: ${code === 'EACCES' ? message : why}`, { cause });
  }
}
