import { keepToken, type TokenSource } from './bearer.js';
import { base64url, bytesOf, sha256, type Key } from './bytes.js';
import type { Credentials } from './credentials.js';

const P256 = { name: 'ECDSA', namedCurve: 'P-256' } as const;

export interface DpopKey {
  readonly publicKey: Key;
  readonly privateKey: Key;
}

/** A key to bind tokens to. Its private half cannot leave the browser or the process; IndexedDB can keep it. */
export async function createDpopKey(): Promise<DpopKey> {
  return crypto.subtle.generateKey(P256, false, ['sign', 'verify']);
}

/** The key's thumbprint (RFC 7638): `dpop_jkt` of an authorization request. */
export async function dpopThumbprint(key: DpopKey): Promise<string> {
  const { crv, kty, x, y } = await publicJwk(key);
  return base64url(await sha256(JSON.stringify({ crv, kty, x, y })));
}

export interface ProofOptions {
  readonly method: string;
  /** Query and fragment are left out. */
  readonly url: string;
  /** The token that it goes with; none at the token endpoint. */
  readonly token?: string;
}

/** A proof that the sender of a request has the key (RFC 9449): the `DPoP` header, good for one request. */
export async function dpopProof(key: DpopKey, { method, url, token }: ProofOptions): Promise<string> {
  const header = { typ: 'dpop+jwt', alg: 'ES256', jwk: await publicJwk(key) };
  const payload = {
    ...{ jti: crypto.randomUUID(), htm: method, htu: url.replace(/[?#].*$/s, '') },
    iat: Math.floor(Date.now() / 1_000),
    ...(token === undefined ? {} : { ath: base64url(await sha256(token)) }),
  };
  const part = (value: object) => base64url(bytesOf(JSON.stringify(value)).buffer);
  const signed = `${part(header)}.${part(payload)}`;
  const algorithm = { name: 'ECDSA', hash: 'SHA-256' };
  return `${signed}.${base64url(await crypto.subtle.sign(algorithm, key.privateKey, bytesOf(signed)))}`;
}

/** `Authorization: DPoP …` of an app whose tokens are bound to its key: a stolen token is worth nothing without it. */
export function dpop(source: TokenSource, key: DpopKey): Credentials {
  const kept = keepToken(source);
  const sent = new WeakMap<object, string>();
  return {
    async authorize(request) {
      const token = await kept.current();
      const { method, url, headers } = request;
      sent.set(request, token);
      headers.set('authorization', `DPoP ${token}`);
      headers.set('dpop', await dpopProof(key, { method, url: url.href, token }));
    },
    refused: (request) => kept.renew(sent.get(request) ?? ''),
  };
}

interface PublicJwk {
  readonly crv: string | undefined;
  readonly kty: string | undefined;
  readonly x: string | undefined;
  readonly y: string | undefined;
}

async function publicJwk({ publicKey }: DpopKey): Promise<PublicJwk> {
  const { crv, kty, x, y } = await crypto.subtle.exportKey('jwk', publicKey);
  return { crv, kty, x, y };
}
