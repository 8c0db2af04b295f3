import { sign, verify } from 'node:crypto';
import type { SigningKey, VerifyingKey } from './keys.js';

/** RFC 8725, section 3.11: a type of its own, so that no other token can be taken for an assertion. */
const TYPE = 'facet-caller+jwt';

const encode = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');

/** The one header that a key can have. Verification compares it as text and never parses what a frame brings. */
export function headerOf(keyId: string): string {
  return encode({ alg: 'EdDSA', typ: TYPE, kid: keyId });
}

/** A compact JWS (RFC 7515) signed with Ed25519 (RFC 8037). */
export function signCompact(payload: object, { id, privateKey }: SigningKey): string {
  const input = `${headerOf(id)}.${encode(payload)}`;
  return `${input}.${sign(null, Buffer.from(input), privateKey).toString('base64url')}`;
}

/** The payload, parsed; undefined where the text is not an assertion or none of the keys has signed it. */
export function openCompact(text: string, keys: ReadonlyMap<string, VerifyingKey>): unknown {
  const [header = '', payload = '', signature = '', ...more] = text.split('.');
  const key = keys.get(header);
  if (key === undefined || more.length > 0) return undefined;
  const bytes = Buffer.from(signature, 'base64url');
  if (bytes.length !== 64 || bytes.toString('base64url') !== signature) return undefined;
  if (!verify(null, Buffer.from(`${header}.${payload}`), key.publicKey, bytes)) return undefined;
  return JSON.parse(Buffer.from(payload, 'base64url').toString());
}
