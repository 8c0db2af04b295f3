import { bearer } from './bearer.js';
import { base64, bytesOf, sha256, type Key } from './bytes.js';
import type { Credentials } from './credentials.js';

/** A partner's API key, for servers. */
export function apiKey(key: string): Credentials {
  return { authorize: ({ headers }) => headers.set('authorization', `Bearer ${key}`) };
}

export interface ClientCredentialsOptions {
  /** The issuer's token endpoint. */
  readonly tokenUrl: string;
  readonly clientId: string;
  readonly clientSecret: string;
  /** Scopes with spaces between. Default: what the issuer gives. */
  readonly scope?: string;
  /** What the tokens are for, where the issuer wants to be told (RFC 8707). */
  readonly resource?: string;
  readonly fetch?: typeof fetch;
}

/** So long before its end a token is no longer used, in milliseconds. */
const MARGIN_MS = 10_000;

/** Access tokens of a partner's server by the client-credentials grant (RFC 6749, section 4.4), each used until shortly before its end. */
export function clientCredentials(options: ClientCredentialsOptions): Credentials {
  let until = 0;
  const source = async (): Promise<string> => {
    const { token, lifeMs } = await tokenOf(options);
    until = Date.now() + Math.max(lifeMs - MARGIN_MS, lifeMs / 2);
    return token;
  };
  let current = bearer(source);
  return {
    authorize(request) {
      if (until !== 0 && Date.now() >= until) {
        until = 0;
        current = bearer(source);
      }
      return current.authorize(request);
    },
    refused: (request) => current.refused?.(request) ?? false,
  };
}

async function tokenOf({
  tokenUrl,
  clientId,
  clientSecret,
  scope,
  resource,
  ...options
}: ClientCredentialsOptions) {
  const send = options.fetch ?? fetch;
  const form = Object.entries({ grant_type: 'client_credentials', scope, resource }).filter(
    (field): field is [string, string] => field[1] !== undefined,
  );
  const basic = base64(bytesOf(`${encodeURIComponent(clientId)}:${encodeURIComponent(clientSecret)}`).buffer);
  const response = await send(tokenUrl, {
    method: 'POST',
    headers: { authorization: `Basic ${basic}` },
    body: new URLSearchParams(form),
  });
  const { access_token: token, expires_in: seconds = 60, error } = (await response.json()) as TokenAnswer;
  if (!response.ok || token === undefined)
    throw new Error(`${tokenUrl} gives no token: ${error ?? response.status}`);
  return { token, lifeMs: seconds * 1_000 };
}

interface TokenAnswer {
  readonly access_token?: string;
  readonly expires_in?: number;
  readonly error?: string;
}

export interface SigningOptions {
  /** The signature's `keyid`: the id of the API key. */
  readonly keyId: string;
  /** Ed25519 or ECDSA P-256. */
  readonly privateKey: Key;
}

/** Signs each request of `credentials` (RFC 9421) over method, address and the body's digest (RFC 9530). */
export function signed(credentials: Credentials, { keyId, privateKey }: SigningOptions): Credentials {
  return {
    ...credentials,
    async authorize(request) {
      await credentials.authorize(request);
      const { method, url, headers, body } = request;
      const lines = [`"@method": ${method}`, `"@target-uri": ${url.href}`];
      if (body !== undefined) {
        const digest = `sha-256=:${base64(await sha256(body))}:`;
        headers.set('content-digest', digest);
        lines.push(`"content-digest": ${digest}`);
      }
      const names = lines.map((line) => line.slice(0, line.indexOf(':'))).join(' ');
      const created = Math.floor(Date.now() / 1_000);
      const input = `(${names});created=${created};keyid=${quoted(keyId)};nonce="${crypto.randomUUID()}"`;
      const base = [...lines, `"@signature-params": ${input}`].join('\n');
      const algorithm = { name: privateKey.algorithm.name, hash: 'SHA-256' };
      const signature = await crypto.subtle.sign(algorithm, privateKey, bytesOf(base));
      headers.set('signature-input', `facet=${input}`);
      headers.set('signature', `facet=:${base64(signature)}:`);
    },
  };
}

const quoted = (text: string): string => `"${text.replace(/["\\]/g, '\\$&')}"`;
