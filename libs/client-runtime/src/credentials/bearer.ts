import type { Credentials } from './credentials.js';

/**
 * Gives an access token. After a gateway has refused one it is called with that, and gives another: from the issuer, by the
 * refresh token. It is asked once for all calls that wait.
 */
export type TokenSource = (refused?: string) => string | Promise<string>;

/** An access token, kept until it is refused. */
export interface KeptToken {
  current(): Promise<string>;
  /** Resolves with whether there is another one than that which was refused. */
  renew(refused: string): Promise<boolean>;
}

export function keepToken(source: TokenSource): KeptToken {
  let token: Promise<string> | undefined;
  const ask = (refused?: string): Promise<string> => {
    const asked = Promise.resolve().then(() => source(refused));
    token = asked;
    // Whoever waits is told; the next call asks again.
    asked.catch(() => (token = token === asked ? undefined : token));
    return asked;
  };
  return {
    current: () => token ?? ask(),
    async renew(refused) {
      const known = await token;
      const next = known === refused ? await ask(refused) : known;
      return next !== undefined && next !== refused;
    },
  };
}

/** `Authorization: Bearer …` of an app. */
export function bearer(source: TokenSource): Credentials {
  const kept = keepToken(source);
  const sent = new WeakMap<object, string>();
  return {
    async authorize(request) {
      const token = await kept.current();
      sent.set(request, token);
      request.headers.set('authorization', `Bearer ${token}`);
    },
    refused: (request) => kept.renew(sent.get(request) ?? ''),
  };
}
