import { createHash, hkdfSync } from 'node:crypto';
import { EncryptJWT, jwtDecrypt } from 'jose';
import { z } from 'zod';

/** How long a user may take at the issuer's page. */
export const LOGIN_MS = 10 * 60_000;

const pendingLogin = z.object({
  state: z.string(),
  nonce: z.string(),
  /** The PKCE verifier (RFC 7636). */
  verifier: z.string(),
  /** Where its user goes afterwards: a path of this gateway. */
  returnTo: z.string(),
});

/** A sign-in under way: what the callback is checked against. */
export type PendingLogin = z.infer<typeof pendingLogin>;

export interface LoginSealOptions {
  readonly clientId: string;
  /** The key is made from it (HKDF, RFC 5869): it is known to every instance of the gateway and to nobody in front of it. */
  readonly clientSecret: string;
  /** While one secret is replaced: what an instance has sealed that has this one already, or has it still. */
  readonly otherClientSecret?: string | undefined;
  readonly now?: () => number;
}

/**
 * Seals a sign-in under way, so that its browser keeps it in a cookie and the server keeps nothing: as many may begin as
 * like. A JWE, `dir` with A256GCM (RFC 7516).
 */
export class LoginSeal {
  /** The first one seals; each opens. */
  readonly #keys: readonly [Uint8Array, ...Uint8Array[]];
  readonly #now: () => number;

  constructor(private readonly options: LoginSealOptions) {
    const { clientSecret, otherClientSecret, clientId, now = Date.now } = options;
    const keyOf = (secret: string) =>
      new Uint8Array(hkdfSync('sha256', secret, clientId, 'facet sign-in under way', 32));
    this.#keys = [
      keyOf(clientSecret),
      ...(otherClientSecret === undefined ? [] : [keyOf(otherClientSecret)]),
    ];
    this.#now = now;
  }

  seal(login: PendingLogin): Promise<string> {
    return new EncryptJWT(login)
      .setProtectedHeader({ alg: 'dir', enc: 'A256GCM' })
      .setAudience(this.options.clientId)
      .setExpirationTime(Math.floor((this.#now() + LOGIN_MS) / 1_000))
      .encrypt(this.#keys[0]);
  }

  /** Undefined for what this gateway has not sealed, or has sealed too long ago. */
  async open(sealed: string): Promise<PendingLogin | undefined> {
    for (const key of this.#keys) {
      const login = await this.#openWith(key, sealed);
      if (login !== undefined) return login;
    }
    return undefined;
  }

  async #openWith(key: Uint8Array, sealed: string): Promise<PendingLogin | undefined> {
    try {
      const { payload } = await jwtDecrypt(sealed, key, {
        keyManagementAlgorithms: ['dir'],
        contentEncryptionAlgorithms: ['A256GCM'],
        audience: this.options.clientId,
        requiredClaims: ['exp'],
        currentDate: new Date(this.#now()),
      });
      return pendingLogin.parse(payload);
    } catch {
      return undefined;
    }
  }
}

/** What tells one sign-in of a browser from another in the names of their cookies. */
export function labelOf(state: string): string {
  return createHash('sha256').update(state).digest('base64url').slice(0, 16);
}
